"""Level statements as whoever was shown one may check them; nothing of what earned the points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.engine import Database
from storage.schema import level_statements, persons


@dataclass(frozen=True, slots=True)
class Standing:
    serial: str
    name: str
    level: str
    purpose: str
    until: datetime


def standing(db: Database, serial: str, now: datetime) -> Standing | None:
    """A statement that is neither over nor withdrawn, of a person who is still there."""
    s = level_statements.c
    wanted = (
        select(s.serial, persons.c.name, s.level, s.purpose, s.until)
        .join(persons, persons.c.id == s.person)
        .where(s.serial == serial, s.withdrawn.is_(None), s.until > now, persons.c.erased.is_(None))
    )
    with db.reading() as conn:
        row = conn.execute(wanted).first()
    return Standing(row.serial, row.name or "", row.level, row.purpose, row.until) if row else None
