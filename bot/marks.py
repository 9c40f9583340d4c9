"""Marks what was sent, gathered when there is much; what could not be marked is marked with the next."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.logs import where
from storage import queue
from storage.engine import Database

log = structlog.get_logger("outbox")

_MARK_WAITS = (0.2, 1.0, 3.0)
BUSY = 16  # sends under way from which marks are gathered, …
GATHER = 0.01  # … for so many seconds: a commit for each would cost more than the send


class Marks:
    """`under_way`: how many sends are on now."""

    def __init__(self, db: Database, clock: Callable[[], datetime], under_way: Callable[[], int]) -> None:
        self._db = db
        self._clock = clock
        self._under_way = under_way
        self._sent: defaultdict[str, list[int]] = defaultdict(list)  # by rung
        self._marking = asyncio.Lock()
        self._failed = False  # the last mark, so that some wait whom nobody marks

    async def sent(self, row: int, rung: str) -> None:
        """Mark at once; what was sent while another mark was being written is marked with the next."""
        self._sent[rung].append(row)
        for wait in (*_MARK_WAITS, 0.0):
            if await self._mark(rung):
                return
            await asyncio.sleep(wait)

    async def again(self) -> None:
        """What was sent while the database was away. What is just being marked is not waited for."""
        if self._failed:
            for rung in tuple(self._sent):
                await self._mark(rung)

    async def _mark(self, rung: str) -> bool:
        """Whether nothing of `rung` is left to mark. What is not marked stays ours: it was sent, and is not again."""
        async with self._marking:
            if not self._sent[rung]:
                return True
            if self._under_way() > BUSY > len(self._sent[rung]):  # those behind a mark have gathered meanwhile
                await asyncio.sleep(GATHER)
            ids = self._sent.pop(rung)
            try:
                await asyncio.to_thread(queue.sent, self._db, ids, rung, self._clock())
            except Exception as error:  # noqa: BLE001 - the database is away
                log.warning("mark_failed", error=where(error), rows=len(ids))
                self._sent[rung] += ids
                self._failed = True
                return False
            self._failed = self._failed and any(self._sent.values())
            return True
