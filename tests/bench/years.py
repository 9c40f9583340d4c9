"""A database as years of a city leave it: tickets of 3,000 a day back from midnight, and all that hangs on them.

What retention takes away is gone: people and words after three years, photos after one, pushes after 90 days, inbox
after seven. Whether 1,000 or 10,000,000 tickets are there, the newest are the same and equally many are open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert, select

from handlers.tickets.clock import SHANGHAI
from nlp.pairs import pairs, plain
from storage import bits, crypto, tally, tally_days
from storage.engine import Database
from storage.marker import statements
from storage.schema import communities, meta, search_docs, search_grams, tickets
from storage.search_index import of_community
from tests.bench.filled import filling
from tests.bench.years_rows import A_DAY, COUNTED, LIVING, LOGGED, TEXTS, texts
from tests.bench.years_tickets import TicketRows

CHUNK = 500_000
FILLED = "'tickets', 'facts', 'notes', 'media', 'outbox', 'ticket_numbers'"


def midnight(now: datetime) -> datetime:
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def fill(db: Database, total: int, now: datetime) -> None:
    """On a seeded database; the indexes that are not keys are made at the end."""
    end = int(midnight(now).timestamp())
    with filling(db) as conn:
        made = TicketRows(conn, db, total, end)
        made.sources()
        made.people()
        dropped = _drop(conn, db)
    for low in range(1, total + 1, CHUNK):
        with filling(db) as conn:
            TicketRows(conn, db, total, end).tickets(low, min(low + CHUNK - 1, total))
    with filling(db) as conn:
        _index(conn, min(total, LIVING), total)
    for statement in dropped:
        with filling(db) as conn:
            conn.exec_driver_sql(statement)
    with filling(db) as conn:
        _sums(conn, end, total)
        position = min(total, LOGGED) * 3
        last = conn.execute(select(tickets.c.id).order_by(tickets.c.id.desc()).limit(1)).scalar_one()
        place = tally.Place(position, last, tally._basis(statements(conn), now))
        values = {"search_read": str(position).encode(), "numbers": tally._bytes(place)}
        conn.execute(insert(meta), [{"name": name, "value": value} for name, value in values.items()])
        for name in ("bench_here", "bench_said", "bench_phones"):
            conn.exec_driver_sql(f"DROP TABLE {name}")


def _index(conn: Connection, living: int, total: int) -> None:
    """The search index: words come round with every 1,024 places, so that all whole blocks hold the same."""
    mark = crypto.current().marks
    ids = select(tickets.c.id).where(tickets.c.reporter != 0).order_by(tickets.c.id)
    where: dict[int, int] = dict(conn.exec_driver_sql("SELECT k, community FROM bench_here").all())
    by_word: dict[int, set[int]] = {}
    for k, words in enumerate(texts()):
        for pair in pairs(plain(words)):
            by_word.setdefault(mark(pair)[0], set()).update(range(k, bits.SIZE, TEXTS))
    whole = {gram: bits.pack(found) for gram, found in by_word.items()}
    of = {community: mark(of_community(community))[0] for community in where.values()}
    docs = [{"place": place, "ticket": ticket} for place, ticket in enumerate(conn.execute(ids).scalars())]
    conn.execute(insert(search_docs), docs)
    for block in range(len(docs) // bits.SIZE + 1):
        first, last = block * bits.SIZE, min((block + 1) * bits.SIZE, len(docs))
        held: dict[int, list[int]] = {}
        for place in range(first, last):
            held.setdefault(of[where[(living - place) * 7919 % len(where)]], []).append(place - first)
        packed = {gram: bits.pack(found) for gram, found in held.items()}
        if last - first == bits.SIZE:
            packed |= whole
        else:
            packed |= {gram: bits.pack(p for p in found if p < last - first) for gram, found in by_word.items()}
        rows = [{"gram": gram, "block": block, "bits": data} for gram, data in packed.items() if data]
        if rows:
            conn.execute(insert(search_grams), rows)


def _sums(conn: Connection, end: int, total: int) -> None:
    ours = list(conn.execute(select(communities.c.id)).scalars())
    for back in range(1, min(COUNTED, (total - 1) // A_DAY + 1) + 1):
        day = datetime.fromtimestamp(end, SHANGHAI).date() - timedelta(days=back)
        tally_days.add_up(conn, day.isoformat(), [*ours, tally_days.ALL])


def _drop(conn: Connection, db: Database) -> list[str]:
    """Takes the indexes of what is filled away; the statements that make them again."""
    wanted = (
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({FILLED})"
    )
    if db.postgresql:
        wanted = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({FILLED}) "
            "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
    found = conn.exec_driver_sql(wanted).all()
    for name, _ in found:
        conn.exec_driver_sql(f"DROP INDEX {name}")
    return [statement for _, statement in found]
