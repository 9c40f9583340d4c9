"""What mutual help needs to know: its values and the questions it asks of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Help:
    """Something a neighbour asks for. `state`: open taken done ended; `confirmed`: who has said it is done."""

    id: int
    number: int  # how it is called, counted in its community: 互助3
    community: int
    micro_grid: int
    asker: int
    words: str
    state: str
    made: datetime
    helper: int = 0
    confirmed: int = 0

    def other(self, person: int) -> int:
        """The second of the two."""
        return self.asker if person == self.helper else self.helper


class ReadMutual(Protocol):
    def next_help_number(self, community: int) -> int: ...
    def help(self, number: int) -> Help | None:
        """By id."""
        ...

    def help_numbered(self, community: int, number: int) -> Help | None: ...
    def help_held(self, number: int) -> Help | None:
        """By id, and nobody else changes it until this turn is committed."""
        ...

    def helps_open(self, micro_grid: int) -> tuple[Help, ...]:
        """What nobody has taken, oldest first, at most ten."""
        ...

    def helps_of(self, person: int) -> tuple[Help, ...]:
        """Open and taken ones a person asked for or helps with, newest first, at most ten."""
        ...

    def helpers(self, micro_grid: int) -> tuple[int, ...]:
        """Neighbours who want to be told, at most a hundred."""
        ...

    def is_helper(self, person: int) -> bool: ...
