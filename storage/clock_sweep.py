"""Looks at every open clock at once: after the holidays or duty hours were changed, which promises are others now."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import holidays as published
import orjson
from sqlalchemy import Connection, Select, insert, literal, select, text, update

from handlers.notify import pushes
from handlers.read import Read
from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clock_facts import DueMoved
from handlers.tickets.clocks import Event, Kind, promised
from handlers.tickets.limits import Clock
from handlers.tickets.rules import OPEN
from handlers.types import Outcome
from storage.engine import Database
from storage.holidays_cn import calendar
from storage.read import forget_calendars
from storage.read_categories import forget_categories
from storage.read_clocks import event_from
from storage.schema import categories, clock_events, duty_hours, holidays, limits, meta, tickets
from storage.schema.tickets import OPEN_ONLY
from storage.sql import Prepared, among, each, listed
from storage.transaction import Transaction
from storage.turns import Done, Turns

_AT_ONCE = 5_000  # tickets whose events are read together
_META = "calendar"  # what the promises given were last compared with
_t, _e = tickets.c, clock_events.c
_open = _t.status.in_([literal(status.value) for status in sorted(OPEN)])
# all at once, by the index of what is open: in parts they would be looked for among all there ever were
_ALL = Prepared(select(_t.id, _t.community, _t.due).where(text(OPEN_ONLY), _open, _t.due.is_not(None)))
_MATTERS = [
    literal(k.value)
    for k in (Kind.SPOKE, Kind.WAIT, Kind.HANG, Kind.RESUME, Kind.EXTEND, Kind.SOLVED, Kind.UNDONE, Kind.CLASSED)
]


def _events(dialect: str) -> Select[Any]:
    matters = (_e.clock == Clock.WHOLE.value) | _e.kind.in_(_MATTERS)
    wanted = select(_e.ticket, _e.at, _e.kind, _e.clock, _e.terms, _e.value).where(among(dialect, _e.ticket), matters)
    return wanted.order_by(_e.ticket, _e.id)


_EVENTS = Prepared(each(_events))


@dataclass(frozen=True, slots=True)
class Moved:
    ticket: int
    due: datetime


def look(db: Database, now: datetime) -> tuple[int, list[Moved]]:
    """(open clocks looked at, those whose date is another one by the calendar of now). Changes nothing."""
    looked, moved = 0, []
    second = int(now.timestamp())
    with db.reading() as conn:
        tx = Transaction(conn.connection.cursor(), db.dialect)
        calendars = _Calendars(tx, now)
        for rows, events in _parts(tx):
            for ticket, community, due in rows:
                wanted = promised(events[ticket], calendars[community or 0], second)
                looked += 1
                if wanted and abs(wanted - due.timestamp()) >= 60:
                    moved.append(Moved(ticket, datetime.fromtimestamp(wanted, UTC)))
    return looked, moved


class _Calendars(dict[int, Calendar]):
    def __init__(self, tx: Transaction, now: datetime) -> None:
        super().__init__()
        self._tx, self._today = tx, now.astimezone(SHANGHAI).date()
        self._same: dict[Calendar, Calendar] = {}  # most communities have the city's

    def __missing__(self, community: int) -> Calendar:
        found = calendar(self._tx, self._today, community)
        found = self[community] = self._same.setdefault(found, found)
        return found


def _parts(tx: Transaction) -> Iterator[tuple[list[tuple[int, int | None, datetime]], dict[int, list[Event]]]]:
    every = sorted(tx.rows(_ALL))
    for at in range(0, len(every), _AT_ONCE):
        rows = every[at : at + _AT_ONCE]
        events: dict[int, list[Event]] = defaultdict(list)
        for ticket, *rest in tx.rows(_EVENTS, ids=listed(row[0] for row in rows)):
            events[ticket].append(event_from(*rest))
        yield rows, events


def refresh(db: Database, turns: Turns, now: datetime, known: str) -> tuple[str, int]:
    """Where calendar, limits or categories are not those `known` to this process: forget them; where nobody has
    compared the calendar yet, move the promises, each through the one door, so that who waits is told. Promises given
    do not follow the table of limits. Gives (the mark to be known next time, promises moved)."""
    with db.reading() as conn:
        days, mark = _marks(conn, now)
        if mark == known:
            return mark, 0
        stored = conn.execute(select(meta.c.value).where(meta.c.name == _META)).scalar()
    forget_calendars()
    forget_categories()
    if stored == days.encode():
        return mark, 0
    moved = look(db, now)[1] if stored is not None else []  # a new database has nothing to compare with
    waiting: list[Future[Done]] = [turns.run(_say(one, now), now, "clock") for one in moved]
    for future in waiting:
        future.result()
    with db.writing() as conn:
        values = {"value": days.encode()}
        if not conn.execute(update(meta).where(meta.c.name == _META).values(**values)).rowcount:
            conn.execute(insert(meta).values(name=_META, **values))
    return mark, len(moved)


def _say(moved: Moved, now: datetime) -> Callable[[Read], Outcome]:
    def work(read: Read) -> Outcome:
        found = read.ticket(moved.ticket)
        if found is None or found.status not in OPEN or found.due in (None, moved.due):
            return Outcome()
        facts = (DueMoved(moved.ticket, moved.due),)
        return Outcome(facts=facts, pushes=pushes(facts, 0, now, read))

    return work


def _marks(conn: Connection, now: datetime) -> tuple[str, str]:
    """One the same for the same holidays, 调休 workdays and duty hours; one for limits and categories as well."""
    year = now.astimezone(SHANGHAI).year
    china = published.country_holidays("CN", years=(year - 1, year, year + 1))
    said = [
        sorted(day.isoformat() for day in china), sorted(day.isoformat() for day in china.weekend_workdays),
        [list(row) for row in conn.execute(select(holidays.c.day, holidays.c.works).order_by(holidays.c.day))],
        [list(row) for row in conn.execute(select(duty_hours).order_by(*duty_hours.primary_key.columns))],
    ]  # fmt: skip
    days = hashlib.sha256(orjson.dumps(said)).hexdigest()
    table = [list(row) for row in conn.execute(select(limits).order_by(*limits.primary_key.columns))]
    matters = [list(row) for row in conn.execute(select(categories).order_by(categories.c.code))]
    return days, hashlib.sha256(orjson.dumps([days, table, matters])).hexdigest()
