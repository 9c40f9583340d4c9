"""The token's shelf in memory, with the rules of storage.tokens."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta


class MemoryShelf:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: tuple[str, datetime] | None = None
        self._refreshing: tuple[str, datetime] | None = None

    def read(self, now: datetime) -> str | None:
        with self._lock:
            return self._token[0] if self._token and now < self._token[1] else None

    def try_lock(self, holder: str, now: datetime, seconds: int) -> bool:
        with self._lock:
            if self._refreshing and self._refreshing[0] != holder and now < self._refreshing[1]:
                return False
            self._refreshing = (holder, now + timedelta(seconds=seconds))
            return True

    def store(self, token: str, expires: datetime) -> None:
        with self._lock:
            self._token, self._refreshing = (token, expires), None

    def drop(self, bad: str) -> None:
        with self._lock:
            if self._token and self._token[0] == bad:
                self._token = None
