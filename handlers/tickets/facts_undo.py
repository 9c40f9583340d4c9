"""What is taken back by whoever said it: a wrong 办结, a leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class SolveTakenBack(Fact):
    """撤回办结: it was not done. `status`: where it goes back to; `checking`: somebody was to look at it first."""

    ticket: int
    by: int
    status: str
    checking: bool = False
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class LeaveEnded(Fact):
    """销假: no leave from this day on."""

    person: int
    day: date


UndoFact = SolveTakenBack | LeaveEnded
