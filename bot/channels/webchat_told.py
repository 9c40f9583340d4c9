"""Which pushes a page was told; how far it can be sure that none is missing."""

from __future__ import annotations

from collections.abc import Sequence

from storage.queue import Outgoing


class Told:
    """`after`: every push up to this outbox id was told, so a page that comes back asks from there.

    A push may be sent long after a later one (quiet hours hold a notice but not an alarm), so `after`
    stays below the first that still waits. What lies above it may be told again after a reconnection;
    the page knows a push by its id.
    """

    def __init__(self, after: int) -> None:
        self.after = after
        self._above: set[int] = set()

    def news(self, rows: Sequence[Outgoing], settled: int) -> list[Outgoing]:
        """What to tell now of `rows`: the pushes above `after`, by id. Below `settled` no id can come any more."""
        fresh = [row for row in rows if row.state == "sent" and row.id not in self._above]
        self._above |= {row.id for row in fresh}
        waiting = next((row.id for row in rows if row.state != "sent"), None)
        last = waiting - 1 if waiting is not None else rows[-1].id if rows else self.after
        self.after = max(self.after, min(last, settled))
        self._above = {row for row in self._above if row > self.after}
        return fresh
