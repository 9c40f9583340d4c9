"""What residents reported lately, in their words, for looking at all of it together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handlers.forms import without_unit
from storage.engine import Database
from storage.schema import tickets
from storage.values import place_from

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """`place`: the building or public spot, "" when only wider."""

    code: str
    words: str
    at: datetime
    reporter: int
    place: str


def recent_messages(db: Database, since: datetime) -> list[Said]:
    """The newest `MOST` reports since then that were not erased, oldest first."""
    columns = (tickets.c.code, tickets.c.words, tickets.c.opened, tickets.c.reporter, tickets.c.place)
    statement = (
        select(*columns).where(tickets.c.opened >= since).order_by(tickets.c.opened.desc()).limit(MOST)
    )  # fmt: skip
    with db.reading() as conn:
        found = [Said(*row[:4], _roughly(row.place)) for row in conn.execute(statement) if row.words]
    return found[::-1]


def _roughly(stored: str) -> str:
    """No nearer than the building: a room is somebody's home."""
    place = place_from(stored)
    return f"{place.estate_name}{place.spot}" if place.spot and not place.building else without_unit(place).label
