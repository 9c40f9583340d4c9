"""Which processes live, and which one of them has the clockwork in hand; never asks a clock that can jump.

PostgreSQL: one session a process with advisory locks, which the server lets go when the process dies, or when it
says nothing for IDLE seconds. SQLite: locked files, which the system lets go. A take-over is done in ten seconds.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import zlib
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.engine import Database

EVERY = 1.5  # seconds between two looks
IDLE = 7.0  # a session that said nothing for so long is ended by the server: its process is frozen
VALID = 5.0  # so long a confirmed lead is believed; less than IDLE, so that two never believe it together
MARK = "p"  # begins the holder of whoever is watched here; others are known by their lease only

_LIVING = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
    "AND classid::bigint = :processes "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_LEAD = 0x6A75_7368_6581
_PROCESSES = 0x6A75_7301  # first half of the lock of each process


def number(holder: str) -> int:
    """The second half of a process's lock."""
    return zlib.crc32(holder.encode()) & 0x7FFF_FFFF


class Alive:
    """This process among the others. `holder` begins with MARK; `folder`: for the files of SQLite's processes."""

    def __init__(self, db: Database, holder: str, folder: Path) -> None:
        self._db = db
        self.holder = holder
        self._folder = folder
        self._lock = threading.Lock()
        self._session: Any = None
        self._files: list[int] = []
        self._leads = False
        self._confirmed = 0.0
        self._closed = False

    @property
    def leading(self) -> bool:
        """Whether this process, and no other, does what is done once in the cluster."""
        return self._leads and time.monotonic() - self._confirmed < VALID

    def look(self) -> bool:
        """Say that we live and take the lead when it is free; `leading`. Blocks, raises nothing of the database."""
        with self._lock:
            if not self._closed:
                began = time.monotonic()
                self._leads = self._ask() if self._db.postgresql else self._grasp()
                self._confirmed = began
        return self.leading

    def living(self) -> frozenset[int]:
        """`number` of every process that lives, ours too. Raises what the database raises."""
        if self._db.postgresql:
            with self._db.reading() as conn:
                return frozenset(conn.execute(_LIVING, {"processes": _PROCESSES}).scalars())
        found = set()
        for path in self._folder.glob(f"{MARK}*.alive"):
            if path.stem == self.holder or not _cleared(path):
                found.add(number(path.stem))
        return frozenset(found)

    def close(self) -> None:
        """Let go at once, so that the next one need not wait."""
        with self._lock:
            self._closed, self._leads = True, False
            self._drop()
            for file in self._files:
                os.close(file)
            self._files.clear()
            (self._folder / f"{self.holder}.alive").unlink(missing_ok=True)

    def _ask(self) -> bool:
        try:
            if self._session is None:
                self._session = self._begin()
            with self._session.cursor() as cursor:
                if self._leads:
                    return bool(cursor.execute("SELECT true").fetchone()[0])
                return bool(cursor.execute(f"SELECT pg_try_advisory_lock({_LEAD})").fetchone()[0])
        except (self._db.engine.dialect.loaded_dbapi.Error, DBAPIError, PoolTimeout):
            self._drop()
            return False

    def _begin(self) -> Any:
        pooled = self._db.engine.raw_connection()
        session = pooled.driver_connection
        assert session is not None
        pooled.detach()
        session.autocommit = True
        session.execute(f"SET idle_session_timeout = {int(IDLE * 1000)}")
        session.execute(f"SELECT pg_advisory_lock({_PROCESSES}, {number(self.holder)})")
        return session

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _grasp(self) -> bool:
        if not self._files:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._files.append(_mine(self._folder / f"{self.holder}.alive"))
        if len(self._files) == 1:
            lead = os.open(self._folder / "lead", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lead, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lead)
                return False
            self._files.append(lead)
        return True


def _mine(path: Path) -> int:
    """The locked file of a process, which nobody took away before it was locked."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(file).st_ino:
            return file
        os.close(file)


def _cleared(path: Path) -> bool:
    """Whether the file's process is dead; its file goes then."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(file)
