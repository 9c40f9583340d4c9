"""What can happen to stars and photos, to a team's captain and 备案. Applied by storage/honour.py and teams.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.activities.facts import ActivityFact
from handlers.types import private


@dataclass(frozen=True, slots=True)
class StarAsked(ActivityFact):
    """By the person, level by level; agrees to be named in the 公示 by family name."""

    request: int
    number: int
    person: int
    community: int
    star: int
    half: int


@dataclass(frozen=True, slots=True)
class StarShown(ActivityFact):
    """The desk has checked the hours: shown until a moment."""

    request: int
    person: int
    by: int
    until: datetime


@dataclass(frozen=True, slots=True)
class StarObjected(ActivityFact):
    request: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class StarGranted(ActivityFact):
    request: int
    person: int
    star: int
    serial: str


@dataclass(frozen=True, slots=True)
class StarRefused(ActivityFact):
    request: int
    person: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class PhotoAdded(ActivityFact):
    """`people`: who can be recognised in it; it is shown when all of them have agreed (条例 art. 20)."""

    photo: int
    activity: int
    by: int
    file: str
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PhotoAnswered(ActivityFact):
    """A no, also one after a yes, takes the photo away."""

    photo: int
    activity: int
    person: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class PhotoRemoved(ActivityFact):
    photo: int
    activity: int
    by: int


@dataclass(frozen=True, slots=True)
class CaptainOffered(ActivityFact):
    """The captain asks a member to follow; `to` 0: taken back or declined."""

    team: int
    by: int
    to: int


@dataclass(frozen=True, slots=True)
class CaptainChanged(ActivityFact):
    team: int
    before: int
    captain: int


@dataclass(frozen=True, slots=True)
class FilingAsked(ActivityFact):
    filing: int
    team: int
    by: int
    category: str
    venue: str = private(default="")
    funds: str = private(default="")


@dataclass(frozen=True, slots=True)
class FilingDecided(ActivityFact):
    """`number` 备案号; "": not filed, `words` say why."""

    filing: int
    team: int
    by: int
    number: str
    words: str = private(default="")


StarFact = StarAsked | StarShown | StarObjected | StarGranted | StarRefused
PhotoFact = PhotoAdded | PhotoAnswered | PhotoRemoved
TeamMoreFact = CaptainOffered | CaptainChanged | FilingAsked | FilingDecided
