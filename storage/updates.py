"""What happened to tickets between two moments, for programs that follow along; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from storage.engine import Database
from storage.ids import first_id
from storage.schema import facts, notes

_SLACK = timedelta(days=1)  # ids are made by the machine's clock, moments by the program's


@dataclass(frozen=True, slots=True)
class Update:
    """`words`: the note that came with it, "" without."""

    id: int
    ticket: int
    at: datetime
    kind: str
    words: str


def between(db: Database, since: datetime, until: datetime, kinds: Sequence[str], limit: int) -> list[Update]:
    """From `since` to before `until`, oldest first, at most `limit`."""
    wanted = (
        select(facts.c.id, facts.c.ticket, facts.c.at, facts.c.kind, facts.c.actor)
        .where(
            facts.c.id >= first_id(since - _SLACK), facts.c.id < first_id(until + _SLACK), facts.c.at >= since,
            facts.c.at < until, facts.c.kind.in_(kinds), facts.c.ticket != 0,
        )
        .order_by(facts.c.id)
        .limit(limit)
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted).all()
        said: dict[tuple[int, str, datetime], str] = {}
        ids = list({row.ticket for row in rows})
        for start in range(0, len(ids), 500):
            part = select(notes).where(notes.c.ticket.in_(ids[start : start + 500]))
            said |= {(note.ticket, note.kind, note.at): note.words for note in conn.execute(part)}
    return [
        Update(row.id, row.ticket, row.at, row.kind, said.get((row.ticket, row.kind[:16], row.at), ""))
        for row in rows
    ]  # fmt: skip
