"""Tickets like one: what happened at the same place before, and open ones that may be the same matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from handlers.tickets.rules import OPEN
from nlp.pairs import pairs, plain
from storage.engine import Database
from storage.schema import tickets
from storage.sight import Sight, tickets_in
from storage.values import place_from
from storage.work_list import only

_t = tickets.c
HISTORY = timedelta(days=365)
LIKE = 0.2  # shared pairs of characters, of all of both
_LOOK = 60
_OPEN = frozenset(status.value for status in OPEN)


@dataclass(frozen=True, slots=True)
class Like:
    """`why`: place, words or both."""

    id: int
    why: str


def before_here(db: Database, ticket: int, sight: Sight | None, now: datetime, limit: int = 8) -> list[int]:
    """Other tickets of the same building or spot within a year, newest first."""
    with db.reading() as conn:
        here = conn.execute(select(_t.place_key).where(_t.id == ticket)).scalar() or ""
        if not here:
            return []
        wanted = select(_t.id).where(
            _t.place_key == here, _t.opened >= now - HISTORY, _t.id != ticket, *tickets_in(sight)
        )
        return list(conn.execute(wanted.order_by(_t.opened.desc()).limit(limit)).scalars())


def open_like(db: Database, ticket: int, sight: Sight | None, limit: int = 5) -> list[Like]:
    """Open tickets of the same community that are of the same place and category, or that say nearly the same."""
    with db.reading() as conn:
        mine = conn.execute(
            select(_t.community, _t.category, _t.place_key, _t.place, _t.words, _t.summary).where(_t.id == ticket)
        ).first()
        if mine is None or mine.community is None:
            return []
        # what is open is few: looked through here, where a class or place has all it ever had
        which = (_t.community == mine.community, only(_OPEN), _t.id != ticket, *tickets_in(sight))
        open_ = sorted(conn.execute(select(_t.id, _t.category, _t.place_key).where(*which)).all(), reverse=True)
        near = [row.id for row in open_ if row.place_key == mine.place_key != ""][:_LOOK]
        same = [row.id for row in open_ if row.category == mine.category][:_LOOK]
        columns = (_t.id, _t.category, _t.place_key, _t.place, _t.words, _t.summary)
        rows = {row.id: row for row in conn.execute(select(*columns).where(_t.id.in_({*near, *same})))}
    own = _pairs(mine)
    found: list[tuple[float, Like]] = []
    for row in rows.values():
        said = _share(own, _pairs(row))
        here = bool(mine.place_key) and row.place_key == mine.place_key
        kind = row.category == mine.category
        if not (here and kind) and said < LIKE:
            continue
        why = "同一处、说法相近" if here and said >= LIKE else "同一处、同一类" if here else "说法相近"
        found.append((said + here + kind / 2, Like(row.id, why)))
    return [like for _, like in sorted(found, key=lambda one: (-one[0], -one[1].id))[:limit]]


def _pairs(row: Any) -> frozenset[str]:
    """Of what is the matter, without where: two matters of one door are not alike for that."""
    return pairs(plain(f"{row.words} {row.summary}")) - pairs(plain(place_from(row.place).label))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
