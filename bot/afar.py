"""What changed in one process is heard in the others on the same database, at once; nothing depends on it.

Whoever waits for a topic also looks by itself now and then (the heartbeat of its stream): a lost call costs seconds.
"""

from __future__ import annotations

import asyncio
import threading

import structlog

from bot.live import Topics
from bot.logs import where
from storage import bells
from storage.engine import Database

log = structlog.get_logger("afar")

GATHER = 0.05  # seconds in which names are gathered: a broadcast publishes thousands a second
AGAIN = 1.0  # seconds until a lost connection is tried again


class Afar:
    """One a process, on PostgreSQL. `own`: a name of the process that no other has."""

    def __init__(self, db: Database, topics: Topics, own: str) -> None:
        self._db = db
        self._topics = topics
        self._own = own
        self._bell = bells.Bell(db, own)
        self._names: set[str] = set()
        self._event = asyncio.Event()
        self._stop = threading.Event()

    async def run(self) -> None:
        """Until cancelled."""
        listener = threading.Thread(target=self._listen, name="afar", daemon=True)
        listener.start()
        self._topics.outward = self._gather
        try:
            while True:
                await self._event.wait()
                await asyncio.sleep(GATHER)
                self._event.clear()
                names, self._names = self._names, set()
                try:
                    await asyncio.to_thread(self._bell.ring, names)
                except Exception as error:  # noqa: BLE001 - the database is away
                    log.debug("not_heard", error=where(error))
        finally:
            self._topics.outward = None
            self._stop.set()
            await asyncio.to_thread(listener.join, bells.ROUND * 2)
            self._bell.close()

    def _gather(self, topic: str) -> None:
        self._names.add(topic)
        self._event.set()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                bells.listen(self._db, self._own, self._topics.heard, self._stop)
            except Exception as error:  # noqa: BLE001 - the database is away
                log.debug("deaf", error=where(error))
                self._stop.wait(AGAIN)
