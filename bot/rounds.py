"""When the outbox goes to the database: at once in quiet times, in rounds while much is sent."""

from __future__ import annotations

import asyncio
import math
import threading

GATHER = 0.05  # seconds between the beginnings of two rounds: a transaction for each push would cost more than it
HELD = 0.2  # the same while a rate cap lets few leave: they are taken that far ahead (AHEAD in bot/outbox.py)
POLL = 0.5  # seconds between looks when nobody wakes us: rows of other processes and due retries


class Rounds:
    """To be made in the running loop. `called`: something was committed since the last round began."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._event = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._at = math.inf  # when the next round begins
        self._soonest = 0.0
        self.called = False

    def wake(self) -> None:
        """Something was committed; from any thread."""
        if threading.get_ident() == self._thread:
            self._wake()
        elif not self.called and not self._loop.is_closed():  # lowered before a round looks, so that it sees this
            self._loop.call_soon_threadsafe(self._wake)

    def soon(self) -> None:
        """One has something to do: at once, but not sooner after the last than they gather."""
        self._by(self._soonest)

    def now(self) -> None:
        """One is needed at once, whenever the last was."""
        self._by(0.0)

    def hold(self) -> None:
        """Who calls from now on waits for HELD seconds, whoever needs one at once excepted."""
        self._soonest = self._loop.time() + HELD

    def pause(self) -> None:
        """Nothing is left to do but to look now and then."""
        self._by(self._loop.time() + POLL)

    def idle(self) -> None:
        """The last one found nothing, so that whoever calls now does not wait."""
        self._soonest = 0.0

    async def next(self) -> bool:
        """Until the next one begins; whether somebody called for it."""
        await self._event.wait()
        self._event.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._at = math.inf
        self._soonest = self._loop.time() + GATHER
        called, self.called = self.called, False
        return called

    def _wake(self) -> None:
        if not self.called:
            self.called = True
            self.soon()

    def _by(self, at: float) -> None:
        if at >= self._at:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._at = at
        if at <= self._loop.time():
            self._event.set()
        else:
            self._timer = self._loop.call_at(at, self._event.set)
