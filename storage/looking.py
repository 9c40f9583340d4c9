"""A look at the database with a handler's eyes, outside of any turn: for pages that only show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from handlers.tickets.clock import SHANGHAI
from storage.engine import Database
from storage.ids import new_id
from storage.read import Reader
from storage.transaction import Transaction


@contextmanager
def looking(db: Database, now: datetime) -> Iterator[Reader]:
    """One consistent view; what would write is refused by the database. Blocks."""
    with db.reading() as conn:
        cursor = conn.connection.cursor()
        try:
            today = now.astimezone(SHANGHAI).date()
            yield Reader(Transaction(cursor, db.dialect), new_id, database=db.number, today=today)
        finally:
            cursor.close()
