"""Found while an announcement went out: each minute every send under way read the token from the database, one after
the other, before any of them left."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.channels.tencent.token import Token
from bot.channels.wechat.errors import CODES
from tests.channels.kit import Clock
from tests.channels.shelf import MemoryShelf


class CountedShelf(MemoryShelf):
    def __init__(self) -> None:
        super().__init__()
        self.reads: list[datetime] = []

    def read(self, now: datetime) -> str | None:
        self.reads.append(now)
        return super().read(now)


async def test_a_hundred_sends_read_the_token_once() -> None:
    clock, shelf = Clock(), CountedShelf()

    async def fetch(force: bool) -> tuple[str, float]:
        await asyncio.sleep(0)
        return "token", 7200.0

    token = Token(shelf, fetch, clock, CODES)
    assert await asyncio.gather(*(token.get() for _ in range(100))) == ["token"] * 100
    first = len(shelf.reads)
    assert first <= 2  # before the lock and under it
    clock.forward(61)  # what a process remembers is a minute old: looked up again, once
    await asyncio.gather(*(token.get() for _ in range(100)))
    assert len(shelf.reads) == first + 1
