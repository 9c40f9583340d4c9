"""What the privacy notice promises about time is done: reports three years, photos one (domain.md §8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from storage import upkeep
from storage.engine import Database
from storage.ids import new_id
from storage.schema import media, notes, tickets

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


REPORT = {
    "category": "0201", "level": "T2", "urgency": "normal", "kind": "求助", "status": "已办结", "place": "{}",
    "words": "楼道灯坏了", "summary": "楼道灯坏了", "reporter": 7, "source": "webchat", "opened": NOW, "changed": NOW,
    "lat": 30.6, "lon": 120.5,
}  # fmt: skip


def _ticket(db: Database, closed_days: int | None) -> int:
    ticket = new_id()
    with db.writing() as conn:
        conn.execute(insert(tickets).values(id=ticket, code=str(ticket)[-16:], tail=str(ticket)[-4:], **REPORT))
        if closed_days is not None:
            closed = NOW - timedelta(days=closed_days)
            conn.execute(update(tickets).where(tickets.c.id == ticket).values(closed=closed))
        conn.execute(
            insert(notes).values(id=new_id(), ticket=ticket, person=7, at=NOW, kind="WordsAdded", words="二楼")
        )
        conn.execute(
            insert(media).values(
                id=new_id(),
                ticket=ticket,
                person=7,
                kind="photo",
                ref="file:a.jpg",
                file="a.jpg",
                state="stored",
                at=NOW - timedelta(days=closed_days or 0),
            )
        )
    return ticket


def test_photos_go_after_a_year_and_words_after_three(database: Database) -> None:
    fresh, one_year, three_years = _ticket(database, 10), _ticket(database, 400), _ticket(database, 1100)
    forty_days = _ticket(database, 40)
    still_open = _ticket(database, None)
    while upkeep.retire(database, NOW):
        pass
    with database.reading() as conn:
        words = {row.id: row.words for row in conn.execute(select(tickets.c.id, tickets.c.words))}
        reporters = {row.id: row.reporter for row in conn.execute(select(tickets.c.id, tickets.c.reporter))}
        pins = {row.id: row.lat for row in conn.execute(select(tickets.c.id, tickets.c.lat))}
        notes_left = {row.ticket: row.words for row in conn.execute(select(notes.c.ticket, notes.c.words))}
        photos = {row.ticket: row.state for row in conn.execute(select(media.c.ticket, media.c.state))}
    assert words == {
        fresh: "楼道灯坏了",
        forty_days: "楼道灯坏了",
        one_year: "楼道灯坏了",
        three_years: "",
        still_open: "楼道灯坏了",
    }
    assert (reporters[three_years], reporters[one_year]) == (0, 7)
    assert (notes_left[three_years], notes_left[fresh]) == ("", "二楼")
    assert photos == {
        fresh: "stored",
        forty_days: "stored",
        one_year: "erased",
        three_years: "erased",
        still_open: "stored",
    }
    assert {ticket for ticket, lat in pins.items() if lat} == {fresh, still_open}
