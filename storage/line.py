"""A lock that is handed on in the order in which threads asked for it; knows no database."""

from __future__ import annotations

import threading
from collections import deque


class Line:
    """Used like threading.Lock, which is not fair: a job that writes again and again would keep messages waiting.

    May be released by another thread than the one that acquired it.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def acquire(self, blocking: bool = True) -> bool:
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            if not blocking:
                return False
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # until release() hands it on
        return True

    def release(self) -> None:
        """Raises RuntimeError when nobody holds it."""
        with self._mutex:
            if not self._held:
                raise RuntimeError("released without being held")
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
