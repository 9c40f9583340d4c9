"""Stops a storm: the same words too often to one person within minutes; given the time, it reads no clock."""

from __future__ import annotations

_KEPT = 50_000  # different messages remembered; when there are more, old ones go


class Storm:
    """At most `times` equal messages to one person within `seconds`, counted in this process."""

    def __init__(self, times: int, seconds: float) -> None:
        self._times = times
        self._seconds = seconds
        self._sent: dict[int, list[float]] = {}

    def is_one(self, person: int, text: str, now: float) -> bool:
        """Whether this message would be one too many; counted when it is not."""
        before = self._sent.setdefault(hash((person, text)), [])
        while before and now - before[0] >= self._seconds:
            before.pop(0)
        if len(before) >= self._times:
            return True
        before.append(now)
        if len(self._sent) > _KEPT:
            self._sent = {key: at for key, at in self._sent.items() if at and now - at[-1] < self._seconds / 2}
        return False
