"""PostgreSQL connections that do not wait for ever for a server that is gone; knows no table and no turn."""

from __future__ import annotations

import math
import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection

PATIENCE = 12.0  # seconds for one answer: the server itself ends a statement after 10
ROUND = 0.5

# A dead host is found by the kernel: after 5 s without a word three questions, 6 s for what was written.
KEEPALIVES = {
    "keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 6000,
}  # fmt: skip

T = TypeVar("T")


class Watched(psycopg.Connection[Any]):
    """A frozen server (or a proxy that swallows everything) answers the kernel's questions and never ours."""

    asked = 0.0  # monotonic seconds since when an answer is waited for; 0: for none
    heard = 0.0  # monotonic seconds when the server last answered
    patience = PATIENCE

    def wait(self, gen: Any, *given: Any, **more: Any) -> Any:
        self.asked = time.monotonic()
        try:
            answer = super().wait(gen, *given, **more)
            self.heard = time.monotonic()
            return answer
        finally:
            self.asked = 0.0


class Watch:
    """One thread for all connections of the process: whoever waits too long has its socket ended.

    The waiting statement then fails like one whose server was restarted: psycopg.OperationalError.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: weakref.WeakSet[Watched] = weakref.WeakSet()
        self._thread: threading.Thread | None = None

    def connect(self, *given: Any, **more: Any) -> Watched:
        """Raises psycopg.OperationalError as psycopg does, and for a database that cannot hold every character."""
        connection = Watched.connect(*given, **more)
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":  # of any other, words come back as bytes or not at all
            connection.close()
            raise psycopg.OperationalError(f"the database's encoding is {encoding}, not UTF8")
        with self._lock:
            self._known.add(connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
        return connection

    def _run(self) -> None:
        while True:
            time.sleep(ROUND)
            now = time.monotonic()
            with self._lock:
                known = list(self._known)
            for connection in known:
                if connection.asked and now - connection.asked > connection.patience:
                    _cut(connection)


def _cut(connection: Watched) -> None:
    with suppress(psycopg.Error, OSError), socket.socket(fileno=socket.dup(connection.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)  # or it ends by itself meanwhile


WATCH = Watch()


@contextmanager
def unhurried(conn: Connection) -> Iterator[None]:
    """Statements of this connection may take as long as they take: migrations, moving millions of rows."""
    inner = conn.connection.driver_connection
    if not isinstance(inner, Watched):
        yield
        return
    inner.patience = math.inf
    try:
        yield
    finally:
        inner.patience = PATIENCE
