"""Brings what database threads have finished to the event loop: one wake-up for all that is ready."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Handback:
    """asyncio.wrap_future wakes the loop once a future; a shared commit ends many at once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._called = False

    def wait(self, future: Future[T]) -> asyncio.Future[T]:
        """Awaitable in the running loop; raises what the future raises. Cancelling it stops nothing."""
        self._loop = asyncio.get_running_loop()
        mine: asyncio.Future[T] = self._loop.create_future()
        future.add_done_callback(lambda done: self._put(mine, done))
        return mine

    def _put(self, mine: asyncio.Future[Any], done: Future[Any]) -> None:
        # Appended before the flag is read, and the flag is lowered before the queue is emptied: nothing stays behind.
        self._ready.append((mine, done))
        if not self._called and self._loop is not None and not self._loop.is_closed():
            self._called = True
            self._loop.call_soon_threadsafe(self._hand)

    def _hand(self) -> None:
        self._called = False
        while self._ready:
            mine, done = self._ready.popleft()
            if mine.done():
                continue
            error = done.exception()
            if error is None:
                mine.set_result(done.result())
            else:
                mine.set_exception(error)
