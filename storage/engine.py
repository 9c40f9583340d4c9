"""Opens the database and gives transactions on it; knows no table."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from storage import crypto
from storage.line import Line

BUSY_SECONDS = 5
POSTGRES_OPTIONS = (  # a statement never holds a turn for longer than a person waits for an answer
    "-c statement_timeout=10000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=60000 "
    "-c synchronous_commit=on -c timezone=UTC -c application_name=jushe "
    # the server's side: a host that is cut off keeps its locks for six seconds, longer than it believes to lead
    "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=6000"
)
_WRITE = "jushe_write"
_numbers = itertools.count(1)
_FRESH = 1.0  # seconds


class _Trust(threading.local):
    on = False


class Database:
    """One open database. `dialect` is "sqlite" or "postgresql"."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.number = next(_numbers)  # tells what is kept of different databases apart
        self.dialect: str = engine.dialect.name
        self._readers = engine.execution_options(**({"postgresql_readonly": True} if self.postgresql else {}))
        self._writers = engine.execution_options(**{_WRITE: True})
        # SQLite has one writer and its waiting is unfair: writers of this process stand in a line of their own.
        self.one_writer: AbstractContextManager[Any] = nullcontext() if self.postgresql else Line()
        self._trust = _Trust()
        self._doubted = 0.0
        if self.postgresql:
            self._ping = engine.dialect.do_ping
            engine.dialect.do_ping = self._lives  # type: ignore[method-assign]

    @property
    def postgresql(self) -> bool:
        return self.dialect == "postgresql"

    def migrate(self) -> None:
        """Bring the tables up to this program's version. Safe to call from several processes at once.

        Raises storage.migrations.NewerDatabase.
        """
        from storage.migrations import upgrade

        upgrade(self)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; writing in it is refused by the database."""
        with self._readers.connect() as conn, conn.begin():
            if self.postgresql:
                yield conn
                return
            conn.exec_driver_sql("PRAGMA query_only=ON")
            try:
                yield conn
            finally:
                conn.exec_driver_sql("PRAGMA query_only=OFF")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end: BEGIN IMMEDIATE on SQLite, READ COMMITTED on PostgreSQL."""
        with self.one_writer, self._writers.connect() as conn, conn.begin():
            yield conn

    def at_hand(self) -> PoolProxiedConnection:
        """A driver's connection for who tries again when it is broken: the server is not asked before whether it is
        there, if it answered on it within the last second and nobody has `doubted` since."""
        self._trust.on = True
        try:
            return self.engine.raw_connection()
        finally:
            self._trust.on = False

    def doubted(self) -> None:
        """Something failed: who takes a connection next asks the server first."""
        self._doubted = time.monotonic()

    def _lives(self, dbapi_connection: Any) -> bool:
        since = max(self._doubted, time.monotonic() - _FRESH)
        heard = self._trust.on and not dbapi_connection.closed and dbapi_connection.heard > since
        return heard or self._ping(dbapi_connection)

    @contextmanager
    def unhurried(self, conn: Connection) -> Iterator[None]:
        """Statements of this connection may take as long as they take."""
        if not self.postgresql:
            yield
            return
        from storage.watched import unhurried

        with unhurried(conn):
            yield

    def check(self) -> None:
        """Raises when the database does not answer or has no tables of ours."""
        with self.reading() as conn:
            conn.execute(text("SELECT version_num FROM alembic_version")).one()

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, secret: str, previous: tuple[str, ...] = ()) -> Database:
    """`url`: sqlite:///path or postgresql+psycopg://…; `secret`: JUSHE_SECRET_KEY, `previous` the ones before it.

    The keyring of the process is set too. Raises ValueError for any other kind of database.
    """
    crypto.use(crypto.Keyring(secret, previous))
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(_sqlite(parsed))
    if parsed.get_backend_name() == "postgresql":
        return Database(_postgresql(parsed))
    raise ValueError(f"a database of the kind {parsed.get_backend_name()!r} is not supported: sqlite or postgresql")


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("the SQLite database needs a file: turns and readers are different connections")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            "cached_statements": 256,
        },
        pool_size=8,
        pool_use_lifo=True,  # the turns keep one connection, with its statements and pages warm
        max_overflow=24,
        pool_timeout=2,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # synchronous=FULL: NORMAL lost acknowledged commits in 120 of 120 simulated power cuts (reliability.md §0.5)
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _write_ahead(connection)
        for pragma in (
            "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-32000", "secure_delete=FAST",
            "wal_autocheckpoint=4000",  # a flood's commit writes 350 pages, most of them again and again
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        # a deferred BEGIN that writes later dies with SQLITE_BUSY at once (reliability.md §0.1)
        conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(_WRITE) else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """WAL mode. On a fresh file several processes change it at once, and this one statement heeds no busy_timeout."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgresql(url: URL) -> Engine:
    from storage.watched import KEEPALIVES, WATCH  # psycopg is loaded only where it is used

    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": 2, "options": POSTGRES_OPTIONS, **KEEPALIVES},
        pool_pre_ping=True,
        pool_size=16,
        pool_use_lifo=True,
        max_overflow=8,
        pool_timeout=2,
        isolation_level="READ COMMITTED",
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, given: Any, more: Any) -> Any:
        return WATCH.connect(*given, **more)

    return engine
