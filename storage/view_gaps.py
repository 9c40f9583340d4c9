"""Where the grid has holes: households without a leader, leaders without tasks, leaders who never answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import and_, func, or_, select

from handlers.types import Role
from storage import places
from storage.engine import Database
from storage.ids import first_id
from storage.schema import buildings, estates, facts, households, identities, micro_grids, persons, posts, tickets


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Households of one building without a leader. `micro` "": they are in no micro-grid."""

    building: int
    label: str
    micro_grid: int
    micro: str
    households: int


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """A leader or deputy: tasks sent and taken since then; `seen` None: never in the chat."""

    person: int
    name: str
    role: str
    micro_grid: int
    micro: str
    since: datetime
    sent: int
    taken: int
    seen: datetime | None


def uncovered(db: Database, ids: Sequence[int]) -> list[Uncovered]:
    """By building, in register order."""
    led = select(posts.c.scope).where(posts.c.role == Role.LEADER.value, posts.c.until.is_(None))
    wanted = (
        select(
            buildings.c.id, estates.c.name.label("e"), estates.c.word, buildings.c.name.label("b"),
            households.c.micro_grid, micro_grids.c.name.label("micro"), func.count().label("many"),
        )
        .join(buildings, buildings.c.id == households.c.building)
        .join(estates, estates.c.id == households.c.estate)
        .outerjoin(micro_grids, micro_grids.c.id == households.c.micro_grid)
        .where(
            households.c.community.in_(list(ids)),
            or_(households.c.micro_grid.is_(None), households.c.micro_grid.not_in(led)),
        )
        .group_by(
            buildings.c.id, estates.c.name, estates.c.word, buildings.c.name, households.c.micro_grid,
            micro_grids.c.name,
        )
        .order_by(buildings.c.id)
    )  # fmt: skip
    with db.reading() as conn:
        return [
            Uncovered(
                row.id, places.label(row.e, row.word, row.b), row.micro_grid or 0, row.micro or "", row.many
            )
            for row in conn.execute(wanted)
        ]  # fmt: skip


def leaders(db: Database, ids: Sequence[int], since: datetime) -> list[LeaderRow]:
    """Every leader and deputy of these communities with what they were sent and took of the tickets since then."""
    seen = (
        select(func.max(identities.c.seen))
        .where(identities.c.person == posts.c.person, identities.c.followed.is_(True))
        .scalar_subquery()
    )
    wanted = (
        select(
            posts.c.person, persons.c.name, posts.c.role, micro_grids.c.id, micro_grids.c.name.label("micro"),
            posts.c.since, seen.label("seen"),
        )
        .join(persons, persons.c.id == posts.c.person)
        .join(micro_grids, micro_grids.c.id == posts.c.scope)
        .where(
            posts.c.role.in_([Role.LEADER.value, Role.DEPUTY.value]), posts.c.until.is_(None),
            posts.c.scope.in_(select(micro_grids.c.id).where(micro_grids.c.community.in_(list(ids)))),
        )
        .order_by(micro_grids.c.code, posts.c.role.desc(), posts.c.id)
    )  # fmt: skip
    sent, taken = _hands(db, ids, since)
    with db.reading() as conn:
        return [
            LeaderRow(
                row.person, row.name or "", row.role, row.id, row.micro, row.since, sent[row.person],
                taken[row.person], row.seen,
            )
            for row in conn.execute(wanted)
        ]  # fmt: skip


def _hands(db: Database, ids: Sequence[int], since: datetime) -> tuple[Counter[int], Counter[int]]:
    """Person → tickets sent to them, and of those taken by them; a ticket counts once for each."""
    wanted = (
        select(facts.c.ticket, facts.c.kind, facts.c.body)
        .join(tickets, tickets.c.id == facts.c.ticket)
        .where(
            and_(tickets.c.community.in_(list(ids)), tickets.c.id >= first_id(since)),
            facts.c.kind.in_(["TicketOpened", "TicketDispatched", "TicketAccepted"]),
        )
    )
    sent: set[tuple[int, int]] = set()
    taken: set[tuple[int, int]] = set()
    with db.reading() as conn:
        for ticket, kind, body in conn.execute(wanted):
            said = orjson.loads(body)
            if kind == "TicketAccepted":
                taken.add((ticket, said["by"]))
            elif said.get("owner") and said.get("why") != "taken":
                sent.add((ticket, said["owner"]))
    return Counter(person for _, person in sent), Counter(person for _, person in sent & taken)
