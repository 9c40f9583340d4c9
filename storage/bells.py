"""Names called out to every other process on the same PostgreSQL (LISTEN, NOTIFY); knows not what they mean."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

import orjson
from sqlalchemy import text

from storage.engine import Database

CHANNEL = "jushe"
MOST = 200  # names in one call: the server takes 8,000 bytes
ROUND = 1.0  # seconds until somebody who listens looks whether to end


def ring(db: Database, own: str, names: Iterable[str]) -> None:
    """Call out to all but `own`. Raises what the database raises; nobody waits for an answer."""
    several = sorted(names)
    with db.writing() as conn:
        for at in range(0, len(several), MOST):
            words = orjson.dumps([own, *several[at : at + MOST]]).decode()
            conn.execute(text("SELECT pg_notify(:channel, :words)"), {"channel": CHANNEL, "words": words})


def listen(db: Database, own: str, heard: Callable[[str], None], stop: threading.Event) -> None:
    """`heard` for each name another process called, until `stop`; a connection of its own meanwhile.

    Raises what the database raises when the connection is lost.
    """
    with closing(_connection(db)) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while not stop.is_set():
            for note in connection.notifies(timeout=ROUND):
                sender, *names = orjson.loads(note.payload)
                if sender != own:
                    for name in names:
                        heard(name)


def _connection(db: Database) -> Any:
    pooled = db.engine.raw_connection()
    connection = pooled.driver_connection
    assert connection is not None
    pooled.detach()
    connection.autocommit = True
    return connection
