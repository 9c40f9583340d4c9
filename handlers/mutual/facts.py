"""What can happen in mutual help, in the past tense. Applied by storage/mutual.py."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class HelpAsked(Fact):
    help: int
    number: int
    community: int
    micro_grid: int
    asker: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class HelpTaken(Fact):
    """A neighbour comes to help; only one can."""

    help: int
    helper: int


@dataclass(frozen=True, slots=True)
class HelpReleased(Fact):
    """The helper cannot after all: it is open again."""

    help: int
    helper: int


@dataclass(frozen=True, slots=True)
class HelpWritten(Fact):
    """A word from one of the two to the other."""

    help: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class HelpConfirmed(Fact):
    """One of the two says it is done."""

    help: int
    by: int


@dataclass(frozen=True, slots=True)
class HelpDone(Fact):
    """Both have said so."""

    help: int
    community: int
    asker: int
    helper: int


@dataclass(frozen=True, slots=True)
class HelpEnded(Fact):
    """`how`: cancelled (by the asker), expired."""

    help: int
    how: str


@dataclass(frozen=True, slots=True)
class HelperJoined(Fact):
    """Wants to be told when a neighbour asks, or no more."""

    person: int
    micro_grid: int
    on: bool


MutualFact = (
    HelpAsked | HelpTaken | HelpReleased | HelpWritten | HelpConfirmed | HelpDone | HelpEnded | HelperJoined
)  # fmt: skip
