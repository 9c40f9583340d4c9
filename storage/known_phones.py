"""Whose telephone number somebody gives; only that, by the blind index."""

from __future__ import annotations

from sqlalchemy import select

from storage.engine import Database
from storage.people import phone_indexes
from storage.schema import persons


def person_with(db: Database, phone: str) -> int:
    """The person of this number, 0 when nobody or several have it. Blocks."""
    with db.reading() as conn:
        wanted = select(persons.c.id).where(
            persons.c.phone_index.in_(phone_indexes(phone)), persons.c.erased.is_(None)
        )
        found = conn.execute(wanted.limit(2)).scalars().all()
    return int(found[0]) if len(found) == 1 else 0
