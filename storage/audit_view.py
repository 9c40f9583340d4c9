"""The log of facts as the auditor reads it: within days, by who, what, through what; by key, each look bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, func, or_, select

from storage.engine import Database
from storage.ids import EPOCH_MS
from storage.schema import facts, logins, persons, posts, tickets, units

SCANNED = 20_000  # facts one look reads at most
_SLACK = timedelta(hours=1)  # between a turn's time and that of its ids
_f = facts.c


@dataclass(frozen=True, slots=True)
class Asked:
    """`after`: id of the fact the page before ended at, 0 for the newest."""

    since: datetime
    until: datetime
    person: int = 0
    kind: str = ""
    via: str = ""
    ticket: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """`position` 0: not sealed yet. `body` as it stands in the log, private fields as digests. `names` of the staff,
    `unit` of the unit in it.
    """

    id: int
    at: datetime
    actor: int
    name: str
    via: str
    kind: str
    ticket: int
    code: str
    body: dict[str, Any]
    position: int
    names: Mapping[int, str] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`further`: where to go on, 0 at the end of the days; also when nothing fitted in what was read."""

    entries: tuple[Entry, ...]
    further: int


def page(db: Database, asked: Asked, limit: int) -> Found:
    """Newest first."""
    with db.reading() as conn:
        if asked.ticket:  # along the ticket's own index
            here = select(facts).where(_f.ticket == asked.ticket)
        else:
            here = select(facts).where(_f.id >= _first_id(asked.since - _SLACK))
        before = min(asked.after or 2**63 - 1, _first_id(asked.until + _SLACK))
        window = here.where(_f.id < before).order_by(_f.id.desc()).limit(SCANNED).subquery()
        w = window.c
        wanted = select(window).where(w.at >= asked.since, w.at < asked.until)
        for column, value in ((w.actor, asked.person), (w.kind, asked.kind), (w.via, asked.via)):
            if value:
                wanted = wanted.where(column == value)
        rows = conn.execute(wanted.order_by(w.id.desc()).limit(limit + 1)).all()
        further = rows[limit - 1].id if len(rows) > limit else 0
        if not further and asked.person + len(asked.kind + asked.via):
            last = conn.execute(select(func.min(w.id), func.count())).one()
            further = last[0] if last[1] == SCANNED else 0
        rows = rows[:limit]
        bodies = [orjson.loads(row.body) for row in rows]
        meant = {body.get(name, 0) for body in bodies for name in ("owner", "person")}
        names = _staff(conn, {row.actor for row in rows} | meant)
        named = select(units.c.id, units.c.name).where(units.c.id.in_({body.get("unit", 0) for body in bodies}))
        of_units = {row.id: row.name for row in conn.execute(named)}
        numbered = select(tickets.c.id, tickets.c.code).where(tickets.c.id.in_({row.ticket for row in rows} - {0}))
        codes = {row.id: row.code for row in conn.execute(numbered)}
    return Found(
        tuple(
            Entry(
                row.id, row.at, row.actor, names.get(row.actor, ""), row.via, row.kind, row.ticket,
                codes.get(row.ticket, ""), body, row.position or 0, names, of_units.get(body.get("unit", 0), ""),
            )
            for row, body in zip(rows, bodies, strict=True)
        ),
        further,
    )  # fmt: skip


def _staff(conn: Connection, people: set[int]) -> dict[int, str]:
    """Names of those who work here. A resident has none in the log: who reported without a name has none anywhere."""
    working = (select(posts.c.person), select(logins.c.person))
    named = select(persons.c.id, persons.c.name).where(
        persons.c.id.in_(people - {0}), or_(*(persons.c.id.in_(one) for one in working))
    )
    return {row.id: row.name or "" for row in conn.execute(named)}


def person_of_login(db: Database, login: str) -> int:
    """0 for an unknown log-in."""
    with db.reading() as conn:
        return int(conn.execute(select(logins.c.person).where(logins.c.login == login)).scalar() or 0)


def ticket_of(db: Database, code: str) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(tickets.c.id).where(tickets.c.code == code)).scalar() or 0)


def unsealed(db: Database) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(func.count()).where(_f.hash.is_(None))).scalar_one())


def _first_id(at: datetime) -> int:
    """The smallest id made at this moment or later: ids rise with time (storage/ids.py)."""
    return max(0, (int(at.timestamp() * 1000) - EPOCH_MS) << 22)
