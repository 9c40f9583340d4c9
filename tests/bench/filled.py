"""A database filled for a bench: as long as it takes, then with the statistics that a running one has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from storage.engine import Database
from storage.watched import unhurried


@contextmanager
def filling(db: Database) -> Iterator[Connection]:
    """A transaction in which a statement over a million rows is not ended as one that hangs."""
    with db.writing() as conn, unhurried(conn):
        if db.postgresql:
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                conn.execute(text(f"SET LOCAL {name} = 0"))
        yield conn


def analyze(db: Database) -> None:
    """On SQLite nothing: the program makes no statistics there, its statements find their indexes without."""
    if not db.postgresql:
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn, unhurried(conn):
        conn.execute(text("SET statement_timeout = 0"))
        conn.execute(text("VACUUM ANALYZE"))
        conn.execute(text("RESET statement_timeout"))
