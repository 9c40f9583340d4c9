"""Brings what database threads have finished to the event loop: one wake-up for all that is ready."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Handback:
    """asyncio.wrap_future wakes the loop once a future; a shared commit ends many at once."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._ready: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._called = False

    def to_loop(self, told: Callable[[T], None]) -> Callable[[T], None]:
        """`told`, called in the running loop wherever what is given back is called."""
        if self._loop is None:
            self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        return partial(self._put, told)

    def wait(self, future: Future[T]) -> asyncio.Future[T]:
        """Awaitable in the running loop; raises what the future raises. Cancelling it stops nothing."""
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def told(done: Future[T]) -> None:
            if mine.done():
                return
            error = done.exception()
            if error is None:
                mine.set_result(done.result())
            else:
                mine.set_exception(error)

        future.add_done_callback(self.to_loop(told))
        return mine

    def _put(self, told: Callable[[T], None], what: T) -> None:
        if threading.get_ident() == self._thread:
            told(what)
            return
        # Appended before the flag is read, and the flag is lowered before the queue is emptied: nothing stays behind.
        self._ready.append((told, what))
        if not self._called and self._loop is not None and not self._loop.is_closed():
            self._called = True
            self._loop.call_soon_threadsafe(self._hand)

    def _hand(self) -> None:
        self._called = False
        while self._ready:
            told, what = self._ready.popleft()
            told(what)
