"""What activities need to know: their values and the questions they ask of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.activities.port_honour import ReadHonour
from handlers.activities.port_hours import ReadAttendance
from handlers.activities.rules import Place, State
from handlers.types import Pin


@dataclass(frozen=True, slots=True)
class Station:
    """岗位. `taken` counts people who hold a seat, also those whose answer is still waited for."""

    id: int
    name: str
    seats: int
    taken: int = 0

    @property
    def free(self) -> int:
        return self.seats - self.taken


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes along, as the resident calls them: 老婆, 妈妈, 孩子. `age` 0: not said."""

    label: str
    age: int = 0
    child: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """Times are aware UTC; `organiser` is a person id. The notice's fields are those of 志愿服务条例 art. 12."""

    id: int
    number: int
    community: int
    organiser: int
    name: str
    kind: str
    about: str
    place: str
    starts: datetime
    ends: datetime
    conditions: str
    risks: str
    insurance: str
    stations: tuple[Station, ...]
    status: State = State.OPEN
    team: int = 0
    danger: bool = False
    policy_number: str = ""
    bring: str = ""
    children: bool = False
    question: str = ""
    approve: bool = False
    weekly: bool = False
    pin: Pin | None = None
    fence: int = 300  # metres
    recorded: datetime | None = None
    moved: datetime | None = None  # time or place was changed

    @property
    def seats(self) -> int:
        return sum(station.seats for station in self.stations)

    @property
    def free(self) -> int:
        return sum(station.free for station in self.stations)

    def station(self, number: int) -> Station:
        return next(station for station in self.stations if station.id == number)


@dataclass(frozen=True, slots=True)
class Signup:
    """Of `people` persons: the one who signed up when `party` is shorter, and the guests of `party`."""

    id: int
    activity: int
    station: int
    person: int
    people: int
    party: tuple[Guest, ...]
    status: Place
    created: datetime
    low: bool = False
    place: int = 0
    answer: str = ""
    until: datetime | None = None
    guardian: int = 0

    @property
    def self_comes(self) -> bool:
        return self.people > len(self.party)


@dataclass(frozen=True, slots=True)
class Volunteer:
    person: int
    adult: bool | None = None
    born: int = 0
    guardian: int = 0
    skills: str = ""
    free: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    community: int
    name: str
    about: str
    captain: int
    status: str  # asked active refused
    members: int = 0
    filing: str = ""  # 备案号


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of somebody who signs up: the last sign-up there, the volunteer, absences since a moment."""

    before: Signup | None
    volunteer: Volunteer
    absences: tuple[datetime, ...]


class ReadActivities(ReadAttendance, ReadHonour, Protocol):
    """Questions only. Lists are in the order of their start or of their making unless it is said otherwise."""

    def activity_number(self) -> int:
        """The next number people call an activity by."""
        ...

    def activity(self, activity: int) -> Activity | None: ...
    def activity_held(self, activity: int) -> Activity | None:
        """The same, and nobody else changes its seats, sign-ups or records until this turn is committed."""
        ...

    def activity_numbered(self, number: int) -> Activity | None: ...
    def activities_on(self, community: int, since: datetime, until: datetime) -> tuple[Activity, ...]:
        """Open ones that end after `since` and start before `until`, at most forty."""
        ...

    def activities_led(self, person: int, since: datetime) -> tuple[Activity, ...]:
        """Not cancelled, organised by a person and not ended before `since`, at most twenty."""
        ...

    def signup(self, signup: int) -> Signup | None: ...
    def signup_of(self, activity: int, person: int) -> Signup | None:
        """The person's last sign-up there, also one that ended."""
        ...

    def signups_of(self, person: int, since: datetime) -> tuple[Signup, ...]:
        """Live ones and those who came, of activities that end after `since`, at most twenty."""
        ...

    def signups_in(self, activity: int) -> tuple[Signup, ...]:
        """All that are live, came or absent, in the order they were made."""
        ...

    def waiting(self, station: int, most: int) -> tuple[Signup, ...]:
        """The first of the waiting list: low priority behind the others, else first come first served."""
        ...

    def queue(self, station: int) -> tuple[int, int]:
        """How many sign-ups wait: with the usual and with low priority."""
        ...

    def ahead(self, signup: Signup) -> int:
        """How many wait before this one of the waiting list."""
        ...

    def asking(self, activity: int, person: int, since: datetime) -> Asking:
        """Three questions in one round trip: thousands may ask in a minute."""
        ...

    def consent_code(self, signup: int) -> str:
        """Eight digits a minor shows to the guardian."""
        ...

    def signup_for_consent(self, code: str) -> Signup | None: ...
    def absences(self, person: int, since: datetime) -> tuple[datetime, ...]: ...
    def volunteer(self, person: int) -> Volunteer: ...
    def teams_in(self, community: int) -> tuple[Team, ...]:
        """Active ones and those that wait for an answer."""
        ...

    def team(self, team: int) -> Team | None: ...
    def members(self, team: int) -> tuple[int, ...]: ...
