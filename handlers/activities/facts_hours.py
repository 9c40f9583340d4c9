"""What can happen to attendance and hours, in the past tense. Applied by storage/activities*.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.activities.facts import ActivityFact
from handlers.types import private


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
