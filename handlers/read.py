"""The one port: what a handler may ask. Implemented by storage/read.py inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handlers.activities.port import ReadActivities
from handlers.announcements.port import ReadAnnouncements
from handlers.grids.port import ReadGrids
from handlers.knowledge.port import ReadKnowledge
from handlers.mutual.port import ReadMutual
from handlers.organisations.port import ReadOrganisations
from handlers.points.port import PointsRead
from handlers.tickets.clock import Calendar
from handlers.tickets.clocks import Event
from handlers.tickets.desk_port import AskDesk
from handlers.tickets.digest_port import AskDigest
from handlers.tickets.limits import Limits
from handlers.tickets.port import AskUnits
from handlers.tickets.rules import Status
from handlers.types import Home, Media, Person, Pin, Role
from nlp.quick import quick
from nlp.types import Place


@dataclass(frozen=True, slots=True)
class Community:
    id: int
    name: str
    phone: str = ""
    street: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers for a place. Person ids; 0 or () where nobody holds the post."""

    community: int
    micro_grid: int = 0
    name: str = ""  # of the micro-grid, e.g. 学府1-3
    leader: int = 0
    deputy: int = 0
    desk: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a corridor QR code `g1.<code>` stands for: a building (or household) of the register."""

    code: str
    community: int
    place: Place
    household: int = 0
    micro_grid: int = 0
    building: int = 0


@quick
@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as a handler sees it. Times are aware UTC; person ids, 0 for none."""

    id: int
    code: str
    community: int
    micro_grid: int
    category: str
    level: str
    urgency: str
    kind: str
    status: Status
    words: str
    summary: str
    place: Place
    reporter: int
    owner: int  # 0: the desk of `community`
    anonymous: bool
    designated: bool
    dispatches: int
    opened: datetime
    changed: datetime
    accept_by: datetime | None = None
    due: datetime | None = None
    dispatched: datetime | None = None
    accepted: datetime | None = None
    visited: datetime | None = None
    solved: datetime | None = None
    closed: datetime | None = None
    extended: bool = False  # an extension was granted once
    extension_until: datetime | None = None  # asked for, not decided
    result: str = ""  # the handler's words at completion
    solved_answer: bool | None = None
    rating: str = ""  # "" = not rated
    reopened: int = 0
    followers: int = 0
    media: tuple[Media, ...] = ()
    pin: Pin | None = None
    unit: int = 0  # the lead unit 主办单位; with owner 0 none of its members has taken it yet
    tier: int = 0  # where in the chain it lies: 0 micro-grid, 1 grid, 2 community, 3 street
    merged_into: int = 0  # 并案: the main ticket
    hung_until: datetime | None = None  # 挂账: the review date
    hang_asked: datetime | None = None  # 挂账 asked for until then, not decided
    list_basis: str = ""  # 清单内 or 清单外, of a task pushed down to the community
    cost: int = 0  # yuan, of work outside the list
    proxy_for: int = 0  # 代: the person it was reported for, when known here
    proxy_name: str = ""
    against: int = 0  # who is complained of: a person, a unit
    against_unit: int = 0
    ended: str = ""  # why it was not accepted or ended: a key of rules.ROUTES

    @property
    def short(self) -> str:
        """The last four digits, as people say it."""
        return self.code[-4:]


class Read(
    AskUnits, AskDesk, AskDigest, ReadActivities, ReadAnnouncements, ReadGrids, ReadKnowledge, ReadMutual,
    ReadOrganisations, PointsRead, Protocol,
):  # fmt: skip
    """Questions only; every answer is a value. Ids come from here so that a reply can name them."""

    def new_id(self) -> int: ...
    def ticket_code(self, day: date) -> str:
        """The next number of the day (Asia/Shanghai): YYYYMMDD + at least four digits."""
        ...

    def person(self, person: int) -> Person | None: ...
    def name(self, person: int) -> str:
        """How somebody is called, "" when nobody knows; cheaper than the whole person."""
        ...

    def names(self, persons: Iterable[int]) -> dict[int, str]:
        """The same of several, asked together."""
        ...

    def community(self, community: int) -> Community | None: ...
    def desk(self, community: int) -> tuple[int, ...]:
        """Person ids of the community's staff, in the order they were added; of every community for 0, ≤ 20."""
        ...

    def duty(self, place: Place) -> Duty:
        """Who answers for a place: by household, else by unit or building (only when one micro-grid
        covers it all), else only the community."""
        ...

    def duty_of(self, micro_grid: int) -> Duty: ...
    def holders(self, role: Role, scope: int) -> tuple[Person, ...]: ...
    def staff(self, community: int) -> tuple[Person, ...]:
        """Everybody with a post in the community; none in the community 0."""
        ...

    def person_named(self, community: int, name: str) -> tuple[Person, ...]:
        """People with a post in the community whose name is, or whose family name + 长/工/师傅 matches."""
        ...

    def households_at(self, place: Place) -> tuple[Home, ...]:
        """Households that fit a place with a building (relation ""), at most three."""
        ...

    def building_id(self, place: Place) -> int:
        """The register's id of a place's building, 0 when it has none."""
        ...

    def place_at(self, pin: Pin) -> Place | None:
        """The nearest building (building level, source "pin") within 60 m of a pin, None when there is none."""
        ...

    def where_is(self, place: Place) -> Pin | None:
        """The point of a place's building on the map, else the middle of its estate; None when neither is known."""
        ...

    def scene(self, code: str) -> Scene | None: ...
    def claim(self, code: str, now: datetime) -> int:
        """The person a valid one-time code belongs to, 0 when wrong, used or expired."""
        ...

    def channels(self, person: int) -> tuple[str, ...]:
        """Names of the channels on which a person can be written to."""
        ...

    def failed_claims(self, person: int, since: datetime) -> int: ...
    def ticket(self, ticket: int) -> Ticket | None: ...
    def tickets_numbered(self, digits: str, community: int = 0, person: int = 0) -> tuple[Ticket, ...]:
        """Tickets whose code is, or ends with, `digits` (≥ 1 digit; shorter ones zero-filled to 4),
        newest first, at most ten: the same four digits come again every day. `community` 0: any. `person`: only
        what this person reported or follows, or has in hand."""
        ...

    def reports_of(self, person: int, limit: int = 5) -> tuple[Ticket, ...]:
        """Reported or followed by a person; open ones first, newest first."""
        ...

    def open_count(self, person: int) -> int: ...
    def tasks_of(self, person: int, limit: int = 20) -> tuple[Ticket, ...]:
        """Open tickets (S3 R1 S4 D1) owned by a person, most pressing (due) first."""
        ...

    def tasks_in(self, micro_grids: tuple[int, ...]) -> tuple[Ticket, ...]:
        """待接单 tickets of these micro-grids that somebody owns, most pressing first, at most twenty."""
        ...

    def solved_by(self, person: int, since: datetime) -> tuple[Ticket, ...]:
        """Tickets a person reported as done since then (status 待评价), newest first, at most three."""
        ...

    def desk_tasks(self, community: int, limit: int = 20) -> tuple[Ticket, ...]:
        """What waits for the desk: owner 0 and open, returns and extensions asked; most pressing first.
        What nobody knows the community of waits for every desk."""
        ...

    def open_near(
        self, category: str, place: Place, pin: Pin | None, metres: int, since: datetime
    ) -> tuple[Ticket, ...]:
        """Open tickets of one category in the same building or within `metres` of a pin, newest first, ≤ 3.
        A place at estate or spot level matches the same spot of the same estate only."""
        ...

    def people_of(self, ticket: int) -> tuple[int, ...]:
        """Reporter first, then the followers who still follow."""
        ...

    def urges(self, ticket: int, since: datetime) -> tuple[int, datetime | None]:
        """How often it was urged since, and when last."""
        ...

    def emergencies_of(self, person: int) -> tuple[Ticket, ...]:
        """Open T0/T1 tickets reported by a person."""
        ...

    def calendar(self, community: int = 0) -> Calendar:
        """Holidays and the duty hours of a community, 0: the city's."""
        ...

    def limits(self, community: int) -> Limits:
        """The table of limits in force for a community."""
        ...

    def received(self, source: str, external: str) -> int:
        """The ticket that another platform's number stands for, 0 when it never came in."""
        ...

    def clock_events(self, ticket: int) -> tuple[Event, ...]:
        """What happened to a ticket's clocks, in order."""
        ...
