"""Questions about tickets, for storage/read.py; nothing of people beyond their ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union_all,
)  # fmt: skip

from handlers.ground import metres
from handlers.read import Ticket
from handlers.tickets.rules import OPEN, Status
from handlers.types import Pin
from nlp.types import Place
from storage import places
from storage.geo import box
from storage.numbers import CODES, NEXT
from storage.schema import followers, media, notes, persons, tickets
from storage.sql import Prepared
from storage.ticket_rows import COLUMNS, MEDIA, OWNER, VERSION, ticket_from
from storage.transaction import Transaction

_OPEN = [literal(status.value) for status in sorted(OPEN)]
_IN_WORK = (Status.TO_ACCEPT, Status.RETURN_ASKED, Status.IN_HAND, Status.EXTENSION_ASKED, Status.HUNG)
_WORKING = [literal(status.value) for status in _IN_WORK]
_TO_DECIDE = [literal(s.value) for s in (Status.RETURN_ASKED, Status.EXTENSION_ASKED, Status.TO_CHECK)]
_t = tickets.c


def which(*where: ColumnElement[bool]) -> Select[Any]:
    return select(*COLUMNS).where(*where)


_is_open = _t.status.in_(_OPEN)
_found_open = case(*((status, 1) for status in _OPEN), value=_t.status, else_=0)  # SQLite makes a table of a list
_newest = (_t.opened.desc(), _t.id.desc())
_pressing = (case((_t.due.is_(None), 1), else_=0), _t.due, _t.opened, _t.id)
_person: BindParameter[int] = bindparam("person")
_limit: BindParameter[int] = bindparam("limit")
_since: BindParameter[datetime] = bindparam("since")
_parts = (
    select(_t.id).where(_t.reporter == _person),
    select(_t.id).where(_t.proxy_for == _person, _t.proxy_for != 0),
    select(followers.c.ticket).where(followers.c.person == _person, followers.c.until.is_(None)),
)

_TICKET = Prepared(which(_t.id == bindparam("id")))
_CODE = 12  # digits of the shortest whole number: a date and four
_numbered = (_t.tail == bindparam("tail"), _t.code.like(bindparam("ending")))
_BY_CODE = Prepared(which(_t.code == bindparam("code")))
_BY_TAIL = Prepared(which(*_numbered).order_by(*_newest).limit(10))
_BY_TAIL_HERE = Prepared(which(*_numbered, _t.community == bindparam("community")).order_by(*_newest).limit(10))
_OWN_BY_TAIL = Prepared(
    which(
        _t.id.in_(union_all(*_parts, select(_t.id).where(_t.owner == _person, _t.owner != 0, _is_open))),
        _t.code.like(bindparam("ending")),
    )
    .order_by(*_newest).limit(10)
)  # fmt: skip
_owner = select(persons.c.name).where(persons.c.id == _t.owner).correlate(tickets).scalar_subquery()
REPORTS = Prepared(
    which(_t.id.in_(union_all(*_parts))).add_columns(type_coerce(_owner, Text()))  # the name is asked for next
    .order_by(_found_open.desc(), *_newest).limit(_limit)
)  # fmt: skip
OPEN_COUNT = Prepared(select(func.count()).where(_t.reporter == _person, _found_open == 1))
_TASKS = Prepared(which(_t.owner == _person, _t.status.in_(_WORKING)).order_by(*_pressing).limit(_limit))
_IN_GRID = Prepared(
    which(_t.micro_grid == bindparam("grid"), _t.owner != 0, _t.status == Status.TO_ACCEPT.value)
    .order_by(*_pressing).limit(20)
)  # fmt: skip
_SOLVED = Prepared(
    which(_t.owner == _person, _t.status == Status.TO_RATE.value, _t.solved >= _since)
    .order_by(_t.solved.desc(), _t.id.desc()).limit(3)
)  # fmt: skip
_DESK_TASKS = Prepared(
    which(
        or_(_t.community == bindparam("community"), _t.community.is_(None)),
        _is_open,
        _t.tier != 3,
        or_(and_(_t.owner == 0, _t.unit == 0, _t.tier != 1), _t.status.in_(_TO_DECIDE), _t.hang_asked.is_not(None)),
    )
    .order_by(*_pressing).limit(_limit)
)  # fmt: skip
NEAR_PLACE = Prepared(
    which(
        _t.place_key == bindparam("key"),
        _t.category == bindparam("category"),
        _found_open == 1,
        _t.opened >= _since,
        _t.kind != "主动治理",
    )
    .order_by(*_newest)
    .limit(3)
)
_NEAR_PIN = Prepared(
    which(
        _t.category == bindparam("category"),
        _t.lat.between(bindparam("south"), bindparam("north")),
        and_(_t.lon.between(bindparam("west"), bindparam("east")), _is_open, _t.opened >= _since),
    )
    .order_by(*_newest)
    .limit(20)
)
_EMERGENCIES = Prepared(
    which(_t.reporter == _person, _is_open, _t.level.in_([literal("T0"), literal("T1")])).order_by(*_newest)
)  # fmt: skip
_MEDIA = Prepared(
    select(media.c.kind, media.c.ref, media.c.file)
    .where(
        media.c.ticket == bindparam("id"),
        media.c.of == literal_column("'report'"),
        media.c.state.in_([literal("wanted"), literal("stored")]),
    )
    .order_by(media.c.id)
)
_REPORTER = Prepared(select(_t.reporter, _t.proxy_for).where(_t.id == bindparam("id")))
_FOLLOWERS = Prepared(
    select(followers.c.person)
    .where(followers.c.ticket == bindparam("id"), followers.c.until.is_(None))
    .order_by(followers.c.since, followers.c.person)
)
_URGES = Prepared(
    select(func.count(), func.max(notes.c.at)).where(
        notes.c.ticket == bindparam("id"), notes.c.kind == "TicketUrged", notes.c.at >= _since
    )
)


class ReadTickets:
    """The half of handlers.read.Read that is about tickets.

    Remembers the version of each ticket it gave out: a change is only written over the version that was seen.
    `learn(person, name)` is told the sealed names that come along.
    """

    _ahead: Callable[..., list[Any]]  # storage.ahead.Ahead.rows

    def __init__(
        self, tx: Transaction, numbers: Callable[[str], int] | None, learn: Callable[[int, str | None], None]
    ) -> None:
        self._learn = learn
        self._tx = tx
        self._numbers = numbers or (lambda name: int(tx.one(NEXT, name=name)[0]))
        self.seen: dict[int, int] = {}
        self.met: dict[int, Ticket] = {}  # as last read

    def ticket_code(self, day: date) -> str:
        return f"{day:%Y%m%d}{self._numbers(CODES.format(day)):04d}"

    def ticket(self, ticket: int) -> Ticket | None:
        return next(iter(self._read(_TICKET, id=ticket)), None)

    def tickets(self, ids: Sequence[int]) -> tuple[Ticket, ...]:
        """In the order of the ids; one round trip."""
        rows = [row for found in self._tx.many(_TICKET, [{"id": ticket} for ticket in ids]) for row in found]
        return self._with_media(rows)

    def tickets_numbered(self, digits: str, community: int = 0, person: int = 0) -> tuple[Ticket, ...]:
        if not (digits.isascii() and digits.isdigit()):
            return ()
        digits = digits.zfill(4)
        ending, tail = f"%{digits}", digits[-4:]
        if person:
            return self._read(_OWN_BY_TAIL, person=person, ending=ending)
        if len(digits) >= _CODE:
            found = self._read(_BY_CODE, code=digits)
            return tuple(ticket for ticket in found if community in (0, ticket.community))
        if community:
            return self._read(_BY_TAIL_HERE, tail=tail, ending=ending, community=community)
        return self._read(_BY_TAIL, tail=tail, ending=ending)

    def reports_of(self, person: int, limit: int = 5) -> tuple[Ticket, ...]:
        rows = self._ahead(REPORTS, person=person, limit=limit)
        for row in rows:
            self._learn(row[OWNER], row[-1])
        return self._with_media(rows)

    def open_count(self, person: int) -> int:
        return int(self._ahead(OPEN_COUNT, person=person)[0][0])

    def tasks_of(self, person: int, limit: int = 20) -> tuple[Ticket, ...]:
        return self._read(_TASKS, person=person, limit=limit) if person else ()

    def tasks_in(self, micro_grids: tuple[int, ...]) -> tuple[Ticket, ...]:
        return tuple(found for grid in dict.fromkeys(micro_grids) for found in self._read(_IN_GRID, grid=grid))[:20]

    def solved_by(self, person: int, since: datetime) -> tuple[Ticket, ...]:
        return self._read(_SOLVED, person=person, since=since) if person else ()

    def desk_tasks(self, community: int, limit: int = 20) -> tuple[Ticket, ...]:
        return self._read(_DESK_TASKS, community=community, limit=limit)

    def open_near(
        self, category: str, place: Place, pin: Pin | None, metres: int, since: datetime
    ) -> tuple[Ticket, ...]:
        found: dict[int, Ticket] = {}
        if key := places.key(place):
            rows = self._ahead(NEAR_PLACE, key=key, category=category, since=since)
            found |= {t.id: t for t in self._with_media(rows)}
        if pin:
            around = self._read(_NEAR_PIN, category=category, since=since, **box(pin, metres))
            found |= {t.id: t for t in around if t.pin and _within(pin, t.pin, metres)}
        return tuple(sorted(found.values(), key=lambda t: (t.opened, t.id), reverse=True)[:3])

    def people_of(self, ticket: int) -> tuple[int, ...]:
        reporter = self._tx.one(_REPORTER, id=ticket)
        if reporter is None:
            return ()
        others = [row[0] for row in self._tx.rows(_FOLLOWERS, id=ticket)]
        return tuple(person for person in dict.fromkeys((*reporter, *others)) if person)

    def urges(self, ticket: int, since: datetime) -> tuple[int, datetime | None]:
        count, last = self._tx.one(_URGES, id=ticket, since=since)
        return count, last

    def emergencies_of(self, person: int) -> tuple[Ticket, ...]:
        return self._read(_EMERGENCIES, person=person)

    def _read(self, prepared: Prepared, /, **values: Any) -> tuple[Ticket, ...]:
        return self._with_media(self._tx.rows(prepared, **values))

    def _with_media(self, rows: Sequence[Sequence[Any]]) -> tuple[Ticket, ...]:
        for row in rows:
            self.seen[row[0]] = row[VERSION]
        with_media = [row[0] for row in rows if row[MEDIA]]
        found = self._tx.many(_MEDIA, [{"id": ticket} for ticket in with_media]) if with_media else ()
        photos = dict(zip(with_media, found, strict=True))
        tickets_ = tuple(ticket_from(row, photos.get(row[0], ())) for row in rows)
        self.met.update((ticket.id, ticket) for ticket in tickets_)
        return tickets_


def _within(a: Pin, b: Pin, reach: float) -> bool:
    return metres(a, b) <= reach
