"""Puts one account together with the database: where its token lies and its windows are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.channels.tencent.shelf import DatabaseShelf
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.config import WeChatConfig, token_name
from bot.together import Together
from handlers.types import Sender
from storage import windows
from storage.engine import Database

GATHER = 0.005  # seconds: windows are spent together while many messages leave


def connect(config: WeChatConfig, db: Database, now: Callable[[], datetime], kept: int = 1) -> WeChat:
    """The channel of one account, to be made inside the running loop and closed with `await channel.close()`.

    `kept`: messages of a resident's window that an announcement leaves.
    """

    def spend(wanted: Sequence[tuple[Sender, int]]) -> list[bool]:
        return windows.spend_windows(db, wanted, now())

    shelf = DatabaseShelf(db, token_name(config.app_id))
    return WeChat(config, WeChatClient(config, shelf, now), Together(spend, GATHER), now, kept)
