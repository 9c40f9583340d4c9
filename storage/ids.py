"""Ids made by the application: rising with time, 63 bits; knows no table."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b

from handlers.types import Sender

EPOCH_MS = 1_704_067_200_000  # 2024-01-01 UTC; 41 bits of milliseconds last until 2093
_LOW = 22


class Ids:
    """41 bits of milliseconds and 22 bits that start at random within each millisecond and then count.

    Strictly rising within one Ids even when the clock steps back. Two processes may in theory meet on one
    id; the primary key refuses it and the turn runs again with new ones. `clock` gives seconds since 1970,
    `chance` as many random bits.
    """

    def __init__(self, clock: Callable[[], float] = time.time, chance: Callable[[int], int] | None = None) -> None:
        self._clock = clock
        self._chance = chance or random.Random().getrandbits  # noqa: S311 - spreads processes, keeps no secret
        self._last = 0
        self._millisecond = -1
        self._lock = threading.Lock()

    def __call__(self) -> int:
        millisecond = int(self._clock() * 1000) - EPOCH_MS
        with self._lock:
            if millisecond > self._millisecond:
                self._millisecond = millisecond
                fresh = (millisecond << _LOW) | self._chance(_LOW - 1)
                self._last = fresh if fresh > self._last else self._last + 1
            else:
                self._last += 1
            return self._last


new_id = Ids()


def first_id(at: datetime) -> int:
    """No id made at or after this moment is smaller; 0 for one before ids were made."""
    return max(0, int(at.timestamp() * 1000) - EPOCH_MS) << _LOW


def ids_in(seconds: float) -> int:
    """How far apart ids may be that were made within so many seconds."""
    return int(seconds * 1000) << _LOW


def turn_name(sender: Sender, key: str) -> str:
    """The same for every copy and replay of a message, from the callback to its pushes; says nothing of anybody."""
    return blake2b(f"{sender.channel}\0{sender.user}\0{key}".encode(), digest_size=6).hexdigest()
