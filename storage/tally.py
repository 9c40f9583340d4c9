"""Keeps the sums of each day up to what happened to tickets: follows the sealed facts, the clock and the calendar.

What it keeps follows wholly from the tickets, their clocks and the calendar; when the definition or the calendar
changes everything is judged again, a step at a time; days are added up when no more is to be judged. Several
processes may do it at once: the one that comes second gives its step up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import BindParameter, bindparam, case, delete, func, or_, select

from handlers.tickets.clock import SHANGHAI
from handlers.tickets.measures import TIMES, length, measures
from handlers.tickets.numbers import Case
from storage import marker, tally_effort, tally_owed
from storage.columns import Utc
from storage.engine import Database
from storage.marker import statements
from storage.numbers_view import judged, rows_of
from storage.schema import duty_hours, facts, holidays, ticket_numbers, tickets
from storage.sql import Prepared, among, each, listed
from storage.transaction import Transaction

_NAME = "numbers"
_DEFINITION = 1  # one more when an indicator is counted otherwise
_f, _n, _t = facts.c, ticket_numbers.c, tickets.c
_NAMES = tuple(ticket_numbers.c.keys())
_limit: BindParameter[int] = bindparam("limit")
_body = case((or_(*(_f.kind == kind for kind in tally_effort.QUESTIONS)), _f.body), else_="")
_HAPPENED = Prepared(
    select(_f.position, _f.turn, _f.at, _f.actor, _f.kind, _f.ticket, _body)
    .where(_f.position > bindparam("after"))
    .order_by(_f.position)
    .limit(_limit)
)
# with the place of its last fact: none, or none yet (a number behind all)
_last = select(func.coalesce(_f.position, 2**62)).where(_f.ticket == _t.id).order_by(_f.id.desc()).limit(1)
_WALK = Prepared(
    select(_t.id, _last.scalar_subquery()).where(_t.id > bindparam("after")).order_by(_t.id).limit(_limit)
)
_DUE = Prepared(select(_n.ticket).where(_n.again <= bindparam("now", type_=Utc())).order_by(_n.again).limit(_limit))
_JUDGED = Prepared(each(lambda dialect: select(*ticket_numbers.c).where(among(dialect, _n.ticket))))
_STAND = Prepared(each(lambda dialect: select(_n.day, _n.community).where(among(dialect, _n.ticket))))
_GONE = Prepared(each(lambda dialect: delete(ticket_numbers).where(among(dialect, _n.ticket))))
_JUDGE = Prepared(ticket_numbers.insert().values({name: bindparam(name) for name in _NAMES}), log=True)
_CALENDAR = tuple(Prepared(select(table).order_by(*table.primary_key.columns)) for table in (holidays, duty_hours))


@dataclass(frozen=True, slots=True)
class Place:
    """How far it has come. `position`: in the chain of facts; `walked`: the last ticket of the walk over all;
    `basis`: what judging depends on besides the tickets."""

    position: int = 0
    walked: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    """`rows`: judged otherwise than before, of ticket_numbers."""

    before: bytes
    place: Place
    rows: list[dict[str, Any]]
    effort: tally_effort.Effort


def follow(db: Database, now: datetime, limit: int = 2000) -> int:
    """One step; returns how many tickets and facts, else days, it took up, 0 when everything is told. Blocks."""
    with db.reading() as conn:
        tx = statements(conn)
        waiting = len(tally_owed.owed(conn).days)
        step, taken = (None, 0) if waiting >= tally_owed.MOST else _look(tx, now, limit)
        if step is None and not waiting:
            return 0
        before = marker.read(tx, _NAME)
    with db.writing() as conn:
        tx = statements(conn)
        if step is None:  # the place as it is, and until the commit nobody moves it
            return tally_owed.pay(conn) if before and marker.move(tx, _NAME, before, before) else 0
        if marker.move(tx, _NAME, step.before, _bytes(step.place)):
            tally_owed.owe(conn, _write(tx, step.rows), _place(step.before).position)
            tally_effort.write(tx, step.effort)
            tx.flush()
    return taken


def told_until(db: Database) -> datetime | None:
    """The moment of the last fact that the sums know; None before the first."""
    with db.reading() as conn:
        tx = statements(conn)
        waiting = tally_owed.owed(conn)
        position = waiting.position if waiting.days else _place(marker.read(tx, _NAME)).position
        return conn.execute(select(facts.c.at).where(facts.c.position == position)).scalar()


def forget(db: Database) -> None:
    """Begin the walk over all tickets again; what is stored stays until it is judged anew."""
    with db.writing() as conn:
        tx = statements(conn)
        if before := marker.read(tx, _NAME):
            marker.keep(tx, _NAME, _bytes(replace(_place(before), walked=0)))
            tx.flush()


def _look(tx: Transaction, now: datetime, limit: int) -> tuple[_Step | None, int]:
    before = marker.read(tx, _NAME)
    place = _place(before)
    basis = _basis(tx, now)
    if basis != place.basis:
        place = replace(place, walked=0, basis=basis)
    happened = [tally_effort.Happened(*row) for row in tx.rows(_HAPPENED, after=place.position, limit=limit)]
    walked = tx.rows(_WALK, after=place.walked, limit=limit)
    due = [ticket for (ticket,) in tx.rows(_DUE, now=now, limit=limit)]
    taken = len(happened) + len(walked) + len(due)
    place = replace(
        place, position=happened[-1].position if happened else place.position,
        walked=walked[-1][0] if walked else place.walked,
    )  # fmt: skip
    if not taken and place == _place(before):
        return None, 0
    # what comes with a fact that is still to be told need not be judged twice
    passed = {ticket for ticket, last in walked if last is None or last <= place.position}
    told = {*(row.ticket for row in happened), *due} - {0}
    return _Step(before, place, _judged(tx, told, passed, now), tally_effort.look(tx, happened)), taken


def _judged(tx: Transaction, told: set[int], passed: set[int], now: datetime) -> list[dict[str, Any]]:
    """Those told of that are otherwise than they stand there, and whatever is passed: its day is added up anew."""
    stand = {row[0]: dict(zip(_NAMES, row, strict=True)) for row in tx.rows(_JUDGED, ids=listed(told - passed))}
    found = rows_of(tx, told | passed)
    communities = {row.id: row.community or 0 for row in found}
    rows = (_row(case, communities[case.id], again) for case, again in judged(tx, found, now))
    return [row for row in rows if row != stand.get(row["ticket"])]


def _write(tx: Transaction, rows: Collection[dict[str, Any]]) -> set[tuple[str, int]]:
    """The days and communities whose sums are others now."""
    if not rows:
        return set()
    ids = listed(row["ticket"] for row in rows)
    days = {(day, community) for day, community in tx.rows(_STAND, ids=ids)}
    tx.write(_GONE, ids=ids)
    for row in rows:
        tx.write(_JUDGE, **row)
        days.add((row["day"], row["community"]))
    return days


def _row(case: Case, community: int, again: int) -> dict[str, Any]:
    lengths = {f"{what}_length": length(case, what) for what in TIMES}
    return {
        "ticket": case.id, "day": case.opened.astimezone(SHANGHAI).date().isoformat(), "community": community,
        "category": case.category, "micro_grid": case.micro_grid, "unit": case.unit,
        "again": datetime.fromtimestamp(again, UTC) if again else None,
        **lengths, **measures(case),
    }  # fmt: skip


def _basis(tx: Transaction, now: datetime) -> str:
    """A digest of the definition and of the calendar's tables."""
    said: list[Any] = [_DEFINITION, now.astimezone(SHANGHAI).year]
    said += ([list(map(str, row)) for row in tx.rows(table)] for table in _CALENDAR)
    return sha256(orjson.dumps(said)).hexdigest()[:16]


def _place(value: bytes) -> Place:
    return Place(**orjson.loads(value)) if value else Place()


def _bytes(place: Place) -> bytes:
    return orjson.dumps(asdict(place), option=orjson.OPT_SORT_KEYS)
