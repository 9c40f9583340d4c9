"""What can happen to points, in the past tense. Applied by storage/points.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.points.facts_table import TableFact
from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class PointsEarned(Fact):
    """`once` can happen only once (a key of the ledger); `flag`: why somebody should look at it again."""

    entry: int
    person: int
    community: int
    rule: str
    version: int
    points: int
    once: str
    ref: str = ""  # what it is for: "ticket:<id>", "activity:<id>", "case:<id>"
    by: int = 0  # who approved, 0: the platform itself saw it
    second: int = 0
    flag: str = ""
    times: int = 1  # how often the rule counted, for its caps
    other: int = 0  # the second person of a pair


@dataclass(frozen=True, slots=True)
class PointsReversed(Fact):
    """An entry taken back by its mirror image; the first one stays."""

    entry: int
    of: int
    person: int
    community: int
    points: int  # what the account changes by
    by: int
    why: str


@dataclass(frozen=True, slots=True)
class CaseMade(Fact):
    """Somebody proposes to give or take points: waits for a second person, or for the appeal's time."""

    case: int
    person: int
    community: int
    rule: str
    version: int
    points: int
    by: int
    number: int
    until: datetime | None
    why: str = private(default="")


@dataclass(frozen=True, slots=True)
class CaseAppealed(Fact):
    case: int
    person: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class CaseDecided(Fact):
    """`done`: the points move with the PointsEarned or PointsTaken beside it."""

    case: int
    by: int
    done: bool
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class PointsTaken(Fact):
    """减分 after its time of appeal; never more than there is."""

    entry: int
    person: int
    community: int
    rule: str
    version: int
    points: int  # negative
    case: int
    by: int


@dataclass(frozen=True, slots=True)
class RedemptionMade(Fact):
    """兑换: one piece of stock and the points are held until it is fetched or the time is over."""

    redemption: int
    entry: int
    person: int
    community: int
    item: int
    points: int
    until: datetime
    code: str = private()


@dataclass(frozen=True, slots=True)
class ProxyNamed(Fact):
    """Somebody of the same home may fetch it."""

    redemption: int
    person: int
    proxy: int


@dataclass(frozen=True, slots=True)
class RedemptionCollected(Fact):
    redemption: int
    entry: int
    person: int
    community: int
    points: int
    by: int


@dataclass(frozen=True, slots=True)
class RedemptionEnded(Fact):
    """`how`: cancelled or expired; the points and the piece go back."""

    redemption: int
    entry: int
    person: int
    community: int
    item: int
    points: int
    how: str


@dataclass(frozen=True, slots=True)
class PointsExpired(Fact):
    entry: int
    person: int
    community: int
    points: int  # negative


@dataclass(frozen=True, slots=True)
class PointsFrozen(Fact):
    """Redemption waits for a check, or goes on again."""

    person: int
    by: int
    on: bool
    why: str = private(default="")


@dataclass(frozen=True, slots=True)
class PointsShown(Fact):
    """What a person agrees to: `what` is ranked or shared (with the household)."""

    person: int
    what: str
    on: bool


@dataclass(frozen=True, slots=True)
class LevelStated(Fact):
    """On the person's own word a level, and only the level, may be shown to somebody (PIPL 23, domain.md §5.3)."""

    statement: int
    person: int
    community: int
    level: str
    purpose: str
    until: datetime
    serial: str


@dataclass(frozen=True, slots=True)
class LevelWithdrawn(Fact):
    statement: int
    person: int


LedgerFact = PointsEarned | PointsReversed | PointsTaken | PointsExpired | PointsFrozen | PointsShown
ShopFact = (
    RedemptionMade | ProxyNamed | RedemptionCollected | RedemptionEnded | CaseMade | CaseAppealed | CaseDecided
    | LevelStated | LevelWithdrawn
)  # fmt: skip
PointsFact = LedgerFact | ShopFact | TableFact
