"""Names called out to every other process on the same PostgreSQL (LISTEN, NOTIFY); knows not what they mean."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

import orjson

from storage.engine import Database

CHANNEL = "jushe"
MOST = 200  # names in one call: the server takes 8,000 bytes
ROUND = 1.0  # seconds until somebody who listens looks whether to end


class Bell:
    """Calls out to all processes but `own`, on a connection of its own that waits for the next call: a round trip."""

    def __init__(self, db: Database, own: str) -> None:
        self._db = db
        self._own = own
        self._connection: Any = None

    def ring(self, names: Iterable[str]) -> None:
        """Raises what the database raises; nobody waits for an answer. By one thread at a time."""
        several = sorted(names)
        for at in range(0, len(several), MOST):
            self._call(orjson.dumps([self._own, *several[at : at + MOST]]).decode())

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _call(self, words: str) -> None:
        kept = self._connection is not None
        try:
            if not kept:
                self._connection = _connection(self._db)
            self._connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, words))
        except Exception:
            self.close()
            if not kept:
                raise
            self._call(words)  # it was lost since the last call


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
