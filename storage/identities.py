"""Who is behind an address, what they are called and in which estates they live; nothing else of a person."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select, union

from handlers.types import Sender
from storage.schema import buildings, homes, households, identities, persons, posts


def person_of(conn: Connection, sender: Sender) -> int:
    """The person id of an address on a channel, 0 before its first message."""
    here = and_(
        identities.c.channel == sender.channel,
        identities.c.account == sender.account,
        identities.c.user == sender.user,
    )
    return int(conn.execute(select(identities.c.person).where(here)).scalar() or 0)


def estates_of(conn: Connection, sender: Sender) -> frozenset[int]:
    """Estates a person lives in or leads in: of the homes and the micro-grids, else of the scanned building."""
    person = person_of(conn, sender)
    at_home = (
        select(households.c.estate)
        .join(homes, homes.c.household == households.c.id)
        .where(homes.c.person == person, homes.c.until.is_(None))
    )
    led = (
        select(households.c.estate)
        .join(posts, posts.c.scope == households.c.micro_grid)
        .where(posts.c.person == person, posts.c.until.is_(None), posts.c.role.in_(("leader", "deputy")))
    )
    found = frozenset(conn.execute(union(at_home, led)).scalars())
    if found or not person:
        return found
    scanned = select(buildings.c.estate).join(persons, persons.c.building == buildings.c.id)
    return frozenset(conn.execute(scanned.where(persons.c.id == person)).scalars())


def name_of(conn: Connection, person: int) -> str:
    """Empty when they gave none."""
    return str(conn.execute(select(persons.c.name).where(persons.c.id == person)).scalar() or "")
