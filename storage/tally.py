"""Keeps the sums of each day up to what happened to tickets: follows the sealed facts, the clock and the calendar.

What it keeps follows wholly from the tickets, their clocks and the calendar; when the definition or the calendar
changes everything is judged again, a step at a time; days are added up when no more is to be judged. Several
processes may do it at once: the one that comes second gives its step up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from handlers.tickets.clock import SHANGHAI
from handlers.tickets.measures import TIMES, length, measures
from handlers.tickets.numbers import Case
from storage import tally_effort, tally_owed
from storage.engine import Database
from storage.numbers_view import COLUMNS, judged
from storage.schema import duty_hours, facts, holidays, meta, ticket_numbers, tickets

_NAME = "numbers"
_DEFINITION = 1  # one more when an indicator is counted otherwise
_AT_ONCE = 400  # ids in one statement
_n = ticket_numbers.c


@dataclass(frozen=True, slots=True)
class Place:
    """How far it has come. `position`: in the chain of facts; `walked`: the last ticket of the walk over all;
    `basis`: what judging depends on besides the tickets."""

    position: int = 0
    walked: int = 0
    basis: str = ""


@dataclass(frozen=True, slots=True)
class _Step:
    before: bytes
    place: Place
    cases: list[tuple[Case, int, int]]  # with the community and the second to look again
    effort: tally_effort.Effort


def follow(db: Database, now: datetime, limit: int = 2000) -> int:
    """One step; returns how many tickets and facts, else days, it took up, 0 when everything is told. Blocks."""
    with db.reading() as conn:
        waiting = len(tally_owed.owed(conn).days)
        step, taken = (None, 0) if waiting >= tally_owed.MOST else _look(conn, db.dialect, now, limit)
        if step is None and not waiting:
            return 0
        before = _stored(conn)
    with db.writing() as conn:
        if step is None:
            return tally_owed.pay(conn) if _held(conn, before) else 0
        if _moved(conn, step):
            tally_owed.owe(conn, _write(conn, step.cases), _place(step.before).position)
            tally_effort.write(conn, step.effort)
    return taken


def told_until(db: Database) -> datetime | None:
    """The moment of the last fact that the sums know; None before the first."""
    with db.reading() as conn:
        waiting = tally_owed.owed(conn)
        position = waiting.position if waiting.days else _place(_stored(conn)).position
        return conn.execute(select(facts.c.at).where(facts.c.position == position)).scalar()


def forget(db: Database) -> None:
    """Begin the walk over all tickets again; what is stored stays until it is judged anew."""
    with db.writing() as conn:
        place = replace(_place(_stored(conn)), walked=0)
        conn.execute(update(meta).where(meta.c.name == _NAME).values(value=_bytes(place)))


def _look(conn: Connection, dialect: str, now: datetime, limit: int) -> tuple[_Step | None, int]:
    before = _stored(conn)
    place = _place(before)
    basis = _basis(conn, now)
    if basis != place.basis:
        place = replace(place, walked=0, basis=basis)
    columns = [facts.c[name] for name in tally_effort.FACT]
    happened = conn.execute(
        select(facts.c.position, *columns)
        .where(facts.c.position > place.position)
        .order_by(facts.c.position)
        .limit(limit)
    ).all()
    walked = conn.execute(
        select(tickets.c.id).where(tickets.c.id > place.walked).order_by(tickets.c.id).limit(limit)
    ).scalars()
    due = conn.execute(select(_n.ticket).where(_n.again <= now).order_by(_n.again).limit(limit)).scalars()
    touched = {row.ticket for row in happened} - {0}
    passed = list(walked)
    again = list(due)
    taken = len(happened) + len(passed) + len(again)
    place = replace(
        place, position=happened[-1].position if happened else place.position,
        walked=passed[-1] if passed else place.walked,
    )  # fmt: skip
    if not taken and place == _place(before):
        return None, 0
    rows = _tickets(conn, {*touched, *passed, *again})
    communities = {row.id: row.community or 0 for row in rows}
    cases = [(case, communities[case.id], at) for case, at in judged(conn, dialect, rows, now)]
    return _Step(before, place, cases, tally_effort.look(conn, happened)), taken


def _tickets(conn: Connection, ids: Collection[int]) -> list[Any]:
    found: list[Any] = []
    for part in _parts(sorted(ids)):
        found += conn.execute(select(*COLUMNS).where(tickets.c.id.in_(part)).order_by(tickets.c.id)).all()
    return found


def _moved(conn: Connection, step: _Step) -> bool:
    """Whether this step is ours: nobody else has moved the place since it was looked at."""
    value = _bytes(step.place)
    if not step.before:
        if conn.execute(select(meta.c.name).where(meta.c.name == _NAME)).first() is not None:
            return False
        conn.execute(insert(meta).values(name=_NAME, value=value))
        return True
    mine = (meta.c.name == _NAME) & (meta.c.value == step.before)
    return conn.execute(update(meta).where(mine).values(value=value)).rowcount == 1


def _held(conn: Connection, before: bytes) -> bool:
    """Whether the place is still there, and until the commit stays."""
    same = (meta.c.name == _NAME) & (meta.c.value == before)
    return conn.execute(update(meta).where(same).values(value=before)).rowcount == 1


def _write(conn: Connection, cases: Sequence[tuple[Case, int, int]]) -> set[tuple[str, int]]:
    """The days and communities whose sums are others now."""
    where: set[tuple[str, int]] = set()
    if not cases:
        return where
    for part in _parts([case.id for case, _, _ in cases]):
        old = select(_n.day, _n.community).where(_n.ticket.in_(part))
        where |= {(row.day, row.community) for row in conn.execute(old)}
        conn.execute(delete(ticket_numbers).where(_n.ticket.in_(part)))
    rows = [_row(*given) for given in cases]
    conn.execute(insert(ticket_numbers), rows)
    return where | {(row["day"], row["community"]) for row in rows}


def _row(case: Case, community: int, again: int) -> dict[str, Any]:
    lengths = {f"{what}_length": length(case, what) for what in TIMES}
    return {
        "ticket": case.id, "day": case.opened.astimezone(SHANGHAI).date().isoformat(), "community": community,
        "category": case.category, "micro_grid": case.micro_grid, "unit": case.unit,
        "again": datetime.fromtimestamp(again, UTC) if again else None,
        **lengths, **measures(case),
    }  # fmt: skip


def _basis(conn: Connection, now: datetime) -> str:
    """A digest of the definition and of the calendar's tables."""
    said: list[Any] = [_DEFINITION, now.astimezone(SHANGHAI).year]
    for table in (holidays, duty_hours):
        said.append([list(map(str, row)) for row in conn.execute(select(table).order_by(*table.primary_key.columns))])
    return sha256(orjson.dumps(said)).hexdigest()[:16]


def _stored(conn: Connection) -> bytes:
    return bytes(conn.execute(select(meta.c.value).where(meta.c.name == _NAME)).scalar() or b"")


def _place(value: bytes) -> Place:
    return Place(**orjson.loads(value)) if value else Place()


def _bytes(place: Place) -> bytes:
    return orjson.dumps(asdict(place), option=orjson.OPT_SORT_KEYS)


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[at : at + _AT_ONCE] for at in range(0, len(every), _AT_ONCE))
