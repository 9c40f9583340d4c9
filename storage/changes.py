"""What happened to tickets since a place in the sealed chain of facts, for programs that keep up with it.

The chain is sealed in one order after the commit, so that nothing comes to stand before what was already read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from storage import ticket_list
from storage.schema import facts, persons, tickets
from storage.ticket_list import Scope

SCAN = 20_000  # places looked at in one answer
_INSIDE = ("TimerSet", "TimersCleared", "AccessRefused", "RungReached", "NoteKept")


@dataclass(frozen=True, slots=True)
class Change:
    """`body`: the fact's JSON, private fields as digests; `status`: of the ticket now."""

    position: int
    at: datetime
    kind: str
    via: str
    actor: int
    actor_name: str
    body: dict[str, Any]
    ticket: int
    code: str
    status: str


def after(conn: Connection, scope: Scope, position: int, limit: int) -> tuple[list[Change], int, bool]:
    """(changes in order, the place to go on from, whether there may be more)."""
    end = int(conn.execute(select(func.max(facts.c.position))).scalar() or 0)
    reach = min(end, position + SCAN)
    f, t = facts.c, tickets.c
    wanted = (
        select(f.position, f.at, f.kind, f.via, f.actor, persons.c.name, f.body, t.id, t.code, t.status)
        .join(tickets, t.id == f.ticket)
        .outerjoin(persons, persons.c.id == f.actor)
        .where(
            f.position > position,
            f.position <= reach,
            f.kind.not_in(_INSIDE),
            *ticket_list.allowed(scope, beside=True),
        )
        .order_by(f.position)
        .limit(limit)
    )
    rows = conn.execute(wanted).all()
    found = [
        Change(row[0], row[1], row[2], row[3], row[4], row[5] or "", orjson.loads(row[6]), row[7], row[8], row[9])
        for row in rows
    ]
    last = found[-1].position if len(found) == limit else max(position, reach)
    return found, last, last < end
