"""Keeps announcements going: steps while there is something to prepare or send, looks now and then otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.live import Topics
from bot.logs import where
from bot.outbox import Outbox
from handlers.policy import Policy
from storage import broadcast
from storage.engine import Database
from storage.turns import Turns

log = structlog.get_logger("broadcast")

IDLE = 1.0  # seconds between looks when nothing is on
BUSY = 0.1  # seconds between steps: what is sent meanwhile is taken back in one statement
TOPIC = "announcements"


class Broadcast:
    """The worker. One a process; several share the work, each announcement in the hands of one."""

    def __init__(
        self,
        db: Database,
        turns: Turns,
        outbox: Outbox,
        policy: Policy,
        topics: Topics,
        clock: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._turns = turns
        self._outbox = outbox
        self._policy = policy
        self._topics = topics
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled. A database that is away is waited for."""
        while True:
            wait = IDLE
            try:
                if await self.step():
                    wait = BUSY
            except Exception as error:  # noqa: BLE001 - the worker outlives a database that is away
                log.warning("broadcast_failed", error=where(error))
            await asyncio.sleep(wait)

    async def step(self) -> bool:
        """One step of everything that is on; whether there is more to do at once."""
        more = await asyncio.to_thread(
            broadcast.step, self._db, self._turns, self._policy, self._clock(), self._outbox.wake
        )
        if more:
            self._topics.publish(TOPIC)
        return more
