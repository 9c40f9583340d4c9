"""Attendance and hours: their values and the questions asked of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attendance:
    signup: int
    activity: int
    person: int
    came: datetime
    went: datetime | None
    came_how: str  # qr code place makeup
    went_how: str = ""


@dataclass(frozen=True, slots=True)
class Makeup:
    """A forgotten check-in or check-out that one person vouched for and a second has to confirm."""

    id: int
    signup: int
    step: str  # came went
    at: datetime
    by: int
    why: str


@dataclass(frozen=True, slots=True)
class Served:
    """A row of the hours ledger. `half` is negative in a reversing row."""

    id: int
    person: int
    guest: int
    label: str
    signup: int
    activity: int
    name: str  # of the activity
    half: int
    minutes: int
    day: str  # YYYY-MM-DD, Shanghai
    round: int
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class Objection:
    id: int
    hours: int
    person: int
    words: str


class ReadAttendance(Protocol):
    """Questions only, in the order things happened."""

    def attendance(self, signup: int) -> Attendance | None: ...
    def attendances(self, activity: int) -> tuple[Attendance, ...]: ...
    def scanned(self, token: str, now: datetime) -> int:
        """The activity whose check-in code this is, 0 when it is none of ours or too old."""
        ...

    def door_codes(self, activity: int, now: datetime) -> tuple[str, ...]:
        """The six digits that open the activity's door now: this minute's and the ones just before."""
        ...

    def makeup(self, makeup: int) -> Makeup | None: ...
    def makeups_open(self, activity: int) -> tuple[Makeup, ...]: ...
    def served_by(self, person: int) -> tuple[Served, ...]:
        """The person's whole ledger, oldest first, with the rows of guests."""
        ...

    def served_in(self, activity: int) -> tuple[Served, ...]: ...
    def half_hours_on(self, person: int, day: str) -> int: ...
    def objections_of(self, organiser: int) -> tuple[Objection, ...]: ...
    def certificate_serial(self, certificate: int, day: str) -> str:
        """JS, the day as YYYYMMDD and eight characters nobody can guess."""
        ...

    def rated(self, signup: int, of: str) -> bool:
        """Whether the activity or the volunteer ("activity", "volunteer") was rated for this sign-up."""
        ...
