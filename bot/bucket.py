"""Token buckets by name; given the time, they read no clock."""

from __future__ import annotations

from collections.abc import Hashable

_KEPT = 100_000  # full buckets are forgotten when there are more


class Buckets:
    """Each name may act `rate` times a second, `burst` at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._free: dict[Hashable, float] = {}  # when the bucket would be full again

    def take(self, name: Hashable, now: float, patience: float) -> float:
        """Take one token; seconds to wait before acting. More than `patience`: nothing was taken."""
        full = max(self._free.get(name, now), now) + 1 / self._rate
        wait = max(0.0, full - now - self._burst / self._rate)
        if wait > patience:
            return wait
        self._free[name] = full
        if len(self._free) > _KEPT:
            self._free = {kept: at for kept, at in self._free.items() if at > now}
        return wait

    def within(self, now: float, seconds: float) -> tuple[float, float]:
        """How many of a name may act within so many seconds: of the one that may least often, and most often."""
        all_ = self._burst + seconds * self._rate
        free = [all_ - max(0.0, full - now) * self._rate for full in self._free.values()]
        return min(free, default=all_), max(free, default=all_)

    def block(self, name: Hashable, until: float) -> None:
        """Nothing for `name` before the second `until`."""
        self._free[name] = max(self._free.get(name, 0.0), until + (self._burst - 1) / self._rate)
