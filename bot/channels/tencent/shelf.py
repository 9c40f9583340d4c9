"""Where an account's token lies: one row, shared by every process on the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage import tokens
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class DatabaseShelf:
    """A bot.channels.tencent.token.Shelf. `name` tells accounts apart, e.g. "wechat:<AppID>"."""

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
