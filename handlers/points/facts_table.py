"""What can happen to rules, the shop's stock, a month's sum and second looks. Applied by storage/points_table.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.points.rules import Rule
from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class RuleSet(Fact):
    """A line of a community's table in its next version; entries keep the one they were made under."""

    community: int
    code: str
    version: int
    by: int
    rule: Rule = private()


@dataclass(frozen=True, slots=True)
class ItemSet(Fact):
    """Something of the shop as it is from now on; `more` pieces came (or went, negative)."""

    item: int
    community: int
    name: str
    points: int
    more: int
    pickup: str
    open: bool
    by: int
    new: bool = False


@dataclass(frozen=True, slots=True)
class MonthSettled(Fact):
    """What everybody earned in a month stands still and is shown until a moment (公示). `totals`: JSON."""

    notice: int
    community: int
    month: str  # YYYY-MM
    people: int
    points: int
    until: datetime
    totals: str  # {rule code: [entries, points]}


@dataclass(frozen=True, slots=True)
class MonthClosed(Fact):
    """The notice is over and every objection decided: the month's list of honour stands."""

    notice: int
    community: int
    month: str


@dataclass(frozen=True, slots=True)
class EntryChecked(Fact):
    """Somebody looked at a flagged entry again; not in order: it is reversed beside this."""

    entry: int
    by: int
    ok: bool
    words: str = private(default="")


TableFact = RuleSet | ItemSet | MonthSettled | MonthClosed | EntryChecked
