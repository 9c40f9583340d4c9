"""Shows pushes in the terminal where `jushe chat` runs."""

from __future__ import annotations

from collections.abc import Callable

from storage.queue import Outgoing


class Terminal:
    """Every push of the process goes to `show`, whoever it is for."""

    name = "terminal"

    def __init__(self, show: Callable[[Outgoing], None]) -> None:
        self._show = show

    async def send(self, out: Outgoing) -> str:
        self._show(out)
        return "terminal"
