"""Puts one account together with the database: where its token lies and its windows are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.config import WeChatConfig
from handlers.types import Sender
from storage import queue, tokens
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class DatabaseShelf:
    """The token's row, shared by every process on this database."""

    db: Database
    name: str

    def read(self, now: datetime) -> str | None:
        return tokens.read_token(self.db, self.name, now)

    def try_lock(self, holder: str, now: datetime, seconds: int) -> bool:
        return tokens.try_refresh_lock(self.db, self.name, holder, now, seconds)

    def store(self, token: str, expires: datetime) -> None:
        tokens.store_token(self.db, self.name, token, expires)

    def drop(self, bad: str) -> None:
        tokens.drop_token(self.db, self.name, bad)


def connect(config: WeChatConfig, db: Database, now: Callable[[], datetime]) -> WeChat:
    """The channel of one account, to be made inside the running loop and closed with `await channel.close()`."""

    def spend(sender: Sender) -> bool:
        return queue.spend_window(db, sender, now())

    shelf = DatabaseShelf(db, f"wechat:{config.app_id}")
    return WeChat(config, WeChatClient(config, shelf, now), spend, now)
