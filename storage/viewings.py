"""Who has a ticket's page open now, and who is writing on it; forgotten by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine import Database
from storage.schema import facts, persons, viewings

HERE = timedelta(seconds=50)  # the page says every twenty seconds that it is open


@dataclass(frozen=True, slots=True)
class Other:
    name: str
    writing: bool


def look(db: Database, ticket: int, person: int, now: datetime, *, writing: bool = False) -> list[Other]:
    """`person` is here; the others who are too, by name. Blocks."""
    made = (postgresql if db.postgresql else sqlite).insert(viewings)
    flag = "1" if writing else ""
    with db.writing() as conn:
        conn.execute(
            made.values(ticket=ticket, person=person, seen=now, writing=flag).on_conflict_do_update(
                index_elements=["ticket", "person"], set_={"seen": now, "writing": flag}
            )
        )
        conn.execute(delete(viewings).where(viewings.c.ticket == ticket, viewings.c.seen < now - HERE))
        rows = conn.execute(
            select(persons.c.name, viewings.c.writing)
            .join(persons, persons.c.id == viewings.c.person)
            .where(viewings.c.ticket == ticket, viewings.c.person != person)
            .order_by(persons.c.id)
        ).all()
    return [Other(row.name or "同事", bool(row.writing)) for row in rows]


def last_fact(db: Database, ticket: int) -> int:
    """The id of the last thing that happened to a ticket: what came later its page does not show."""
    with db.reading() as conn:
        return int(conn.execute(select(func.max(facts.c.id)).where(facts.c.ticket == ticket)).scalar() or 0)
