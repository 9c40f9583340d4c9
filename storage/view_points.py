"""A settled month of points as everybody may read it: sums by rule, and of persons only those who agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select

from handlers.points.rules import BY_CODE
from storage.engine import Database
from storage.schema import communities, persons, point_accounts, point_notice_lines, point_notices, point_rules

_n, _l = point_notices.c, point_notice_lines.c
_MOST = 50


@dataclass(frozen=True, slots=True)
class Month:
    """`totals`: (field, rule's name, entries, points); `ranked`: (name in full, points) of those who agreed."""

    community: str
    phone: str
    month: str
    people: int
    points: int
    since: datetime
    until: datetime
    closed: datetime | None
    totals: tuple[tuple[str, str, int, int], ...]
    ranked: tuple[tuple[str, int], ...]


def month(db: Database, community: int, name: str) -> Month | None:
    """None where that month was not settled."""
    with db.reading() as conn:
        row = conn.execute(
            select(point_notices, communities.c.name, communities.c.phone)
            .join(communities, communities.c.id == _n.community)
            .where(_n.community == community, _n.month == name)
        ).first()
        if row is None:
            return None
        own = conn.execute(
            select(point_rules.c.code, point_rules.c.field, point_rules.c.name)
            .where(point_rules.c.community == community)
            .order_by(point_rules.c.version)
        )
        names = {code: (rule.field, rule.name) for code, rule in BY_CODE.items()}
        names |= {rule.code: (rule.field, rule.name) for rule in own}
        ranked = conn.execute(
            select(persons.c.name, _l.points)
            .select_from(point_notice_lines)
            .join(point_accounts, point_accounts.c.person == _l.person)
            .join(persons, persons.c.id == _l.person)
            .where(_l.notice == row.id, point_accounts.c.ranked.is_(True), persons.c.erased.is_(None))
            .order_by(_l.points.desc(), _l.person)
            .limit(_MOST)
        ).all()
    sums = sorted((*names.get(code, ("其他", code)), *two) for code, two in orjson.loads(row.totals).items())
    return Month(
        row.name, row.phone, row.month, row.people, row.points, row.since, row.until, row.closed,
        tuple((field, rule, int(times), int(points)) for field, rule, times, points in sums),
        tuple((one.name or "", one.points) for one in ranked),
    )  # fmt: skip
