"""What can happen to activities, sign-ups, hours and teams, in the past tense. Applied by storage/activities*.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.activities.port import Activity
from handlers.types import Fact, private


class ActivityFact(Fact):
    """Base of this feature's facts."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ActivityOpened(ActivityFact):
    """`notice` is the whole activity as it was published; `follows`: of a weekly one, the one before."""

    activity: int
    number: int
    community: int
    by: int
    notice: Activity = private()
    follows: int = 0


@dataclass(frozen=True, slots=True)
class ActivityChanged(ActivityFact):
    """Time and place as they are now."""

    activity: int
    by: int
    starts: datetime
    ends: datetime
    place: str
    what: str  # what is different, to be told


@dataclass(frozen=True, slots=True)
class RepeatSet(ActivityFact):
    """Whether the next one opens when this one ends."""

    activity: int
    by: int
    on: bool


@dataclass(frozen=True, slots=True)
class ActivityCancelled(ActivityFact):
    activity: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ActivityReminded(ActivityFact):
    """`step`: before (participants), record (organiser: hours are not recorded yet)."""

    activity: int
    step: str


@dataclass(frozen=True, slots=True)
class SeatsTaken(ActivityFact):
    """Somebody signed up. `status`: seated, consent, review, or waiting with no seat taken (place > 0)."""

    signup: int
    activity: int
    station: int
    person: int
    people: int
    status: str
    party: str = private(default="[]")  # JSON of Guests
    answer: str = private(default="")
    low: bool = False
    until: datetime | None = None
    guardian_code: str = private(default="")


@dataclass(frozen=True, slots=True)
class SeatsOffered(ActivityFact):
    """The first of the waiting list gets the seats that became free, until a moment."""

    signup: int
    activity: int
    station: int
    person: int
    people: int
    until: datetime


@dataclass(frozen=True, slots=True)
class SignupMoved(ActivityFact):
    """From one status to another; `before` is checked. `frees`: seats that become free."""

    signup: int
    activity: int
    station: int
    person: int
    before: str
    after: str
    frees: int = 0
    words: str = private(default="")
    by: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeaveAsked(ActivityFact):
    """Too late to leave alone: the organiser is told and may excuse."""

    signup: int
    activity: int
    person: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ConsentGiven(ActivityFact):
    """A guardian agreed, in their own chat (浙江志愿服务条例 art. 9)."""

    signup: int
    activity: int
    minor: int
    guardian: int


@dataclass(frozen=True, slots=True)
class VolunteerKnown(ActivityFact):
    """Said by the person: of age or not, the year of birth of a minor."""

    person: int
    adult: bool
    born: int = 0


@dataclass(frozen=True, slots=True)
class SkillsStated(ActivityFact):
    person: int
    skills: str = private(default="")
    free: str = ""


@dataclass(frozen=True, slots=True)
class ParticipantsTold(ActivityFact):
    """The organiser wrote to everybody who comes."""

    activity: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TeamFounded(ActivityFact):
    team: int
    community: int
    name: str
    captain: int
    about: str = private(default="")


@dataclass(frozen=True, slots=True)
class TeamDecided(ActivityFact):
    team: int
    by: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class TeamJoined(ActivityFact):
    team: int
    person: int


@dataclass(frozen=True, slots=True)
class TeamLeft(ActivityFact):
    team: int
    person: int
