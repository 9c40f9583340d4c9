"""What happens to the clocks of a ticket beyond its own life, in the past tense. Applied by storage/clocks.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class RungReached(Fact):
    """The whole order has used up `rung` per cent of its limit (handlers.tickets.ladder); recorded once each."""

    ticket: int
    rung: int  # 50 80 100 150
    person: int  # the owner at that moment
    passed: bool = False  # a higher one was reached at the same look: recorded, not said


@dataclass(frozen=True, slots=True)
class ContactFailed(Fact):
    """The reporter was called or written to and could not be reached: the clock waits for them (§2.9)."""

    ticket: int
    by: int
    words: str = private(default="")
    count: int = 1  # in vain since they last wrote
    hung: bool = False  # the last try: 挂账「联系不上」 follows


@dataclass(frozen=True, slots=True)
class WaitingEnded(Fact):
    """The reporter has not answered in the time given: the clock goes on."""

    ticket: int


@dataclass(frozen=True, slots=True)
class DueMoved(Fact):
    """The promised date is another one because the calendar is: a holiday announced, duty hours changed."""

    ticket: int
    due: datetime
