"""What residents reported lately, in their words, for looking at all of it together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handlers.forms import without_unit
from handlers.tickets.categories import SENSITIVE
from storage.engine import Database
from storage.schema import tickets
from storage.sight import Sight, tickets_in
from storage.values import place_from

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """`place`: the building or public spot, "" when only wider."""

    ticket: int
    code: str
    words: str
    at: datetime
    reporter: int
    place: str


def recent_messages(
    db: Database, since: datetime, until: datetime | None = None, sight: Sight | None = None, most: int = MOST
) -> list[Said]:
    """The newest reports between these moments that were not erased and may be looked at, oldest first.

    Without what is opened with a reason only: together the words and the place would tell it (domain.md §2.8).
    """
    # nothing changes before it was reported: said so that the index of what changed last is used
    rules = [tickets.c.opened >= since, tickets.c.changed >= since, *tickets_in(sight)]
    if until:
        rules.append(tickets.c.opened < until)
    rules.append(tickets.c.category.not_in(SENSITIVE))
    columns = (tickets.c.id, tickets.c.code, tickets.c.words, tickets.c.opened, tickets.c.reporter, tickets.c.place)
    statement = (
        select(*columns).where(*rules).order_by(tickets.c.opened.desc()).limit(most)
    )  # fmt: skip
    with db.reading() as conn:
        found = [Said(*row[:5], _roughly(row.place)) for row in conn.execute(statement) if row.words]
    return found[::-1]


def _roughly(stored: str) -> str:
    """No nearer than the building: a room is somebody's home."""
    place = place_from(stored)
    return f"{place.estate_name}{place.spot}" if place.spot and not place.building else without_unit(place).label
