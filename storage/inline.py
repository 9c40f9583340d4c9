"""Turns on SQLite in line with the event loop: statements in the loop, waiting for lock and disk in a thread.

A database thread and the loop would share the interpreter's lock and wait for one another at every statement
(docs/performance.md). So messages run here, in the loop; the thread only waits for other writers and commits,
which needs no interpreter, while the loop reads the next messages.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import cast

from storage.at_once import AtOnce
from storage.batches import Batches, because
from storage.engine import BUSY_SECONDS, Database
from storage.line import Line
from storage.transaction import Transaction
from storage.turn import run_together
from storage.unit import Done, Unit

_log = logging.getLogger(__name__)
_PAUSE = 0.005
_KEPT = 96_000  # KB of the database in the memory of the one connection of all turns, as they are read
_SOON = 0.05  # seconds that the rows of answers given at once wait for a turn to go with
_LATER = 1.0  # where they could not be written
_LAST = 2.0  # at the end: what stops must be gone within ten


class InLine:
    """One batch under way at a time, so that order is kept. `put` may be called from any thread.

    `batches.finished` is told in the loop after a commit in line. The rows of `at_once` go with the next messages,
    before them and before whatever else comes, or soon by themselves.
    """

    def __init__(
        self, batches: Batches, at_once: AtOnce, db: Database, loop: asyncio.AbstractEventLoop, batch: int
    ) -> None:
        self._batches = batches
        self._at_once = at_once
        self._soon: asyncio.TimerHandle | None = None
        self._cleared = False
        self._db = db
        self._writer = cast(Line, db.one_writer)
        self._loop = loop
        self._thread = threading.get_ident()
        self._batch = batch
        self._waiting: deque[Unit] = deque()
        self._busy = False
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self.worker = threading.Thread(target=self._do, name="turns", daemon=True)
        self.worker.start()

    def put(self, unit: Unit) -> None:
        with self._lock:
            self._waiting.append(unit)
            if self._busy:
                return
            self._busy = True
        if threading.get_ident() == self._thread:
            self._loop.call_soon(self._next)  # after what else has come in is read: they share the commit
        else:
            self._loop.call_soon_threadsafe(self._next)

    def follow(self) -> None:
        """In the loop: a row waits at `at_once`."""
        if self._soon is None:
            self._soon = self._loop.call_later(_LATER if self._at_once.failing else _SOON, self._rows)

    def close(self) -> None:
        """From another thread: write what rows wait, for a moment, and end the thread. No turn may wait any more."""
        self._loop.call_soon_threadsafe(self._rows)
        until = time.monotonic() + _LAST
        while (self._busy or self._at_once) and time.monotonic() < until:
            time.sleep(_PAUSE)
        if self._at_once:
            _log.warning("the database takes nothing: %d rows of answers given at once are lost", len(self._at_once))
        self._work.put(None)

    def _do(self) -> None:
        while (work := self._work.get()) is not None:
            work()
        if self._connection is not None:
            self._connection.close()

    def _rows(self) -> None:
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        with self._lock:
            busy = self._busy
            self._busy = busy or bool(self._at_once)
        if not busy and self._busy:
            self._next()
        elif self._at_once:
            self.follow()

    def _next(self) -> None:
        """In the loop: messages here, other work (a timer, a job) in the thread, as it may take long."""
        keyed = not self._waiting or self._waiting[0].keyed or (bool(self._at_once) and not self._cleared)
        units: list[Unit] = []
        while self._waiting and len(units) < self._batch and self._waiting[0].keyed is keyed:
            units.append(self._waiting.popleft())
        self._cleared = not units  # other work waits behind rows once, not for ever
        if not keyed:
            self._work.put(lambda: self._whole(units))
        elif self._free():
            self._here(units)
        else:
            self._work.put(lambda: self._wait(units))

    def _free(self) -> bool:
        """Begin without waiting; whether that was possible."""
        if not self._writer.acquire(blocking=False):
            return False
        try:
            self._begin()
        except Exception:  # noqa: BLE001 - somebody else writes, or the file is gone: the thread finds out
            self._writer.release()
            return False
        return True

    def _begin(self) -> None:
        if self._connection is None:
            pooled = self._db.engine.raw_connection()
            self._connection = cast(sqlite3.Connection, pooled.driver_connection)
            pooled.detach()  # it never waits, so the pool must not have it back
            self._connection.execute("PRAGMA busy_timeout=0")
            self._connection.execute(f"PRAGMA cache_size={-_KEPT}")
        self._connection.execute("BEGIN IMMEDIATE")

    def _wait(self, units: Sequence[Unit]) -> None:
        """In the thread: stand in line for the write lock, then let the loop go on."""
        self._writer.acquire()
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._begin()
            except Exception as error:  # noqa: BLE001 - another process writes, or the file is gone
                if time.monotonic() > until or not isinstance(error, sqlite3.OperationalError):
                    self._writer.release()
                    self._at_once.undone()
                    self._batches.recover(units, because(error))
                    self._loop.call_soon_threadsafe(self._after)
                    return
                time.sleep(_PAUSE)
            else:
                self._loop.call_soon_threadsafe(self._here, units)
                return

    def _here(self, units: Sequence[Unit]) -> None:
        """In the loop, in a transaction begun: the rows that wait, then the turns; the commit goes to the thread."""
        assert self._connection is not None
        try:
            cursor = self._connection.cursor()
            if self._at_once:
                self._at_once.write(Transaction(cursor, self._db.dialect))
            done = run_together(self._batches.run, cursor, [unit.item for unit in units]) if units else []
        except Exception as error:  # noqa: BLE001 - whatever one turn raises, the others must be done
            failure = error
            self._work.put(lambda: self._alone(units, failure))
        else:
            self._work.put(lambda: self._commit(units, done))

    def _commit(self, units: Sequence[Unit], done: Sequence[Done]) -> None:
        assert self._connection is not None
        try:
            self._connection.commit()
        except Exception as error:  # noqa: BLE001 - the disk is full, the file is gone
            self._alone(units, error)
        else:
            self._writer.release()
            self._loop.call_soon_threadsafe(self._committed, units, done)

    def _committed(self, units: Sequence[Unit], done: Sequence[Done]) -> None:
        try:
            self._at_once.written()
            self._batches.finished(units, done)
        finally:
            self._after()

    def _alone(self, units: Sequence[Unit], error: Exception) -> None:
        """In the thread: undo, then each by itself."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()  # undoes what was begun
        self._at_once.undone()
        self._writer.release()
        self._batches.recover(units, error)
        self._loop.call_soon_threadsafe(self._after)

    def _whole(self, units: Sequence[Unit]) -> None:
        self._batches.settle(units)
        self._loop.call_soon_threadsafe(self._after)

    def _after(self) -> None:
        with self._lock:
            self._busy = bool(self._waiting)
        if self._busy:
            self._loop.call_soon(self._next)  # after the answers are written
        elif self._at_once:
            self.follow()
