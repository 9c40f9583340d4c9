"""Who is behind an address, and what they are called; nothing else of a person."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from handlers.types import Sender
from storage.schema import identities, persons


def person_of(conn: Connection, sender: Sender) -> int:
    """The person id of an address on a channel, 0 before its first message."""
    here = and_(
        identities.c.channel == sender.channel,
        identities.c.account == sender.account,
        identities.c.user == sender.user,
    )
    return int(conn.execute(select(identities.c.person).where(here)).scalar() or 0)


def name_of(conn: Connection, person: int) -> str:
    """Empty when they gave none."""
    return str(conn.execute(select(persons.c.name).where(persons.c.id == person)).scalar() or "")
