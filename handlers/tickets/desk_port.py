"""What tickets ask of storage about the desk's own doings: who talks with whom, what happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Takeover:
    """Staff member `by` talks with the resident about `ticket` until `until`, when nobody says a word."""

    ticket: int
    by: int
    since: datetime
    until: datetime


class AskDesk(Protocol):
    """The questions of the desk's page."""

    def takeover(self, person: int) -> Takeover | None:
        """The conversation somebody has with this resident now."""
        ...

    def happened_since(self, ticket: int, fact: int, but: int) -> tuple[str, ...]:
        """Kinds of what others than `but` did to a ticket after the fact with this id, oldest first; not what the
        clock only reminded of."""
        ...
