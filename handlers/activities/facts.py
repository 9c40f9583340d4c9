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
class CheckedIn(ActivityFact):
    """`how`: qr code place makeup."""

    signup: int
    activity: int
    person: int
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class CheckedOut(ActivityFact):
    signup: int
    activity: int
    person: int
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class MakeupAsked(ActivityFact):
    makeup: int
    signup: int
    activity: int
    step: str
    at: datetime
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class MakeupConfirmed(ActivityFact):
    """By a second person; the check itself follows as CheckedIn or CheckedOut."""

    makeup: int
    activity: int
    by: int


@dataclass(frozen=True, slots=True)
class AttendanceClosed(ActivityFact):
    """The organiser recorded who came; absences and hours stand beside it."""

    activity: int
    by: int
    came: int
    absent: int


@dataclass(frozen=True, slots=True)
class HoursRecorded(ActivityFact):
    """One row of the ledger. `guest` 0 is the person. `round` counts corrections."""

    hours: int
    person: int
    signup: int
    activity: int
    half: int
    minutes: int
    day: str
    by: int
    guest: int = 0
    round: int = 0
    label: str = private(default="")
    words: str = private(default="")
    cap: int = 16  # half hours a day may hold


@dataclass(frozen=True, slots=True)
class HoursReversed(ActivityFact):
    """The whole of an earlier row is taken back; nothing is ever changed in place."""

    hours: int
    reverses: int
    person: int
    signup: int
    activity: int
    half: int  # of the row that is taken back, positive
    minutes: int
    day: str
    by: int
    guest: int = 0
    round: int = 0
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class HoursObjected(ActivityFact):
    objection: int
    hours: int
    activity: int
    person: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ObjectionDecided(ActivityFact):
    objection: int
    hours: int
    activity: int
    person: int
    by: int
    agreed: bool
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class CertificateIssued(ActivityFact):
    certificate: int
    serial: str
    person: int
    half: int
    issuer: str
    name: str = private(default="")
    lines: str = private(default="[]")


@dataclass(frozen=True, slots=True)
class Rated(ActivityFact):
    """`of`: activity or volunteer."""

    evaluation: int
    signup: int
    activity: int
    of: str
    by: int
    stars: int
    words: str = private(default="")


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
