"""The one door for writes: waiting turns run in database threads and are committed together."""

from __future__ import annotations

import logging
import queue
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Fact, Inbound, Outcome, Turn
from nlp.types import Understanding
from storage.engine import Database
from storage.ids import new_id
from storage.transaction import Stale
from storage.turn import Done, Item, Run, Unit, run_together

_log = logging.getLogger(__name__)
_TRIES = 6
_PAUSE = 0.01

__all__ = ["Closed", "Done", "QueueFull", "Turns", "Unreachable"]


class QueueFull(Exception):
    """More turns wait than can be done in time."""


class Closed(Exception):
    """The door is shut: the process is ending."""


class Unreachable(Exception):
    """The database took nothing: down, locked or full. The cause is the driver's error."""


class Turns:
    """`decide` must be pure: a turn may run more than once, but is committed once.

    `threads` counts on PostgreSQL; SQLite has one writer. `on_commit(facts, pushed)` is called after each
    commit in the database thread. Order is kept per sender.
    """

    def __init__(
        self, db: Database, decide: Callable[[Turn, Read], Outcome], policy: Policy, *,
        ids: Callable[[], int] | None = None, threads: int = 2, batch: int = 64,
        on_commit: Callable[[tuple[Fact, ...], bool], None] | None = None, limit: int = 10_000,
    ) -> None:  # fmt: skip
        self._db = db
        self._run = Run(db, decide, policy, ids or new_id)
        self._batch = batch
        self._on_commit = on_commit
        self._limit = limit
        self._count = 0
        self._round = 0
        self._closed = False
        self._lock = threading.Lock()
        dbapi = db.engine.dialect.loaded_dbapi
        self._again = (Stale, dbapi.OperationalError, dbapi.IntegrityError, dbapi.InterfaceError)
        self._logical = (Stale, dbapi.IntegrityError)
        self._driver = (DBAPIError, PoolTimeout, dbapi.OperationalError, dbapi.InterfaceError)
        self._queues: list[queue.SimpleQueue[Unit | None]] = [
            queue.SimpleQueue() for _ in range(threads if db.postgresql else 1)
        ]
        self._workers = [
            threading.Thread(target=self._work, args=(waiting,), name=f"turns-{at}", daemon=True)
            for at, waiting in enumerate(self._queues)
        ]
        for worker in self._workers:
            worker.start()

    def submit(self, inbound: Inbound, said: Understanding, now: datetime) -> Future[Done]:
        """One message. Raises QueueFull, Closed. The future raises what `decide` or the database raised."""
        sender = inbound.sender
        at = zlib.crc32(f"{sender.channel}\0{sender.account}\0{sender.user}".encode())
        return self._put(Item(inbound, said, now), at)

    def run(self, work: Callable[[Read], Outcome], now: datetime, via: str, actor: int = 0) -> Future[Done]:
        """A timer, a click, a job: one transaction of its own making. `work` must be pure like `decide`."""
        self._round += 1
        return self._put(Item(work, None, now, via, actor), self._round)

    @property
    def waiting(self) -> int:
        return self._count

    def close(self, timeout: float) -> None:
        """Take no more, finish what waits. Raises TimeoutError when that takes longer than `timeout` seconds."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for waiting in self._queues:
                    waiting.put(None)
        until = time.monotonic() + timeout
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))
        if any(worker.is_alive() for worker in self._workers):
            raise TimeoutError(f"{self._count} turns were still waiting after {timeout} s")

    def _put(self, item: Item, at: int) -> Future[Done]:
        future: Future[Done] = Future()
        future.set_running_or_notify_cancel()  # a caller that stops waiting must not stop the turn
        with self._lock:
            if self._closed:
                raise Closed("no more turns: the process is ending")
            if self._count >= self._limit:
                raise QueueFull(f"{self._count} turns are waiting")
            self._count += 1
            self._queues[at % len(self._queues)].put(Unit(item, future))
        return future

    def _work(self, waiting: queue.SimpleQueue[Unit | None]) -> None:
        ending = False
        while not ending:
            units: list[Unit] = []
            unit = waiting.get()
            while unit is not None:
                units.append(unit)
                if len(units) == self._batch:
                    break
                try:
                    unit = waiting.get_nowait()
                except queue.Empty:
                    break
            else:
                ending = True
            if units:
                self._settle(units)

    def _settle(self, units: Sequence[Unit]) -> None:
        try:
            self._attempt(units)
        except Unreachable as error:
            self._fail(units, error)
        except Exception as error:  # noqa: BLE001 - whatever one turn raises, the others must be done
            if len(units) == 1 and not isinstance(error, self._again):
                self._fail(units, error)
            else:
                self._alone(units)

    def _alone(self, units: Sequence[Unit]) -> None:
        """Each in its own transaction, so that only the bad one fails."""
        for at, unit in enumerate(units):
            for tried in range(_TRIES):
                try:
                    self._attempt([unit])
                    break
                except Unreachable as error:
                    self._fail(units[at:], error)
                    return
                except self._again as error:
                    # without an inbox key nothing tells whether a lost commit happened
                    if tried + 1 == _TRIES or (unit.committing and not unit.keyed):
                        self._fail([unit], error if isinstance(error, self._logical) else _because(error))
                        break
                    time.sleep(_PAUSE * 2**tried)
                except Exception as error:  # noqa: BLE001 - handed to the caller through its future
                    self._fail([unit], error)
                    break

    def _attempt(self, units: Sequence[Unit]) -> None:
        with self._db.one_writer:
            connection, cursor = self._begin()
            try:
                done = run_together(self._run, cursor, [unit.item for unit in units])
                for unit in units:
                    unit.committing = True
                connection.commit()
            except BaseException:
                self._undo(connection)
                raise
            connection.close()
        with self._lock:
            self._count -= len(units)
        for unit, one in zip(units, done, strict=True):
            unit.future.set_result(one)
        self._tell(done)

    def _tell(self, done: Sequence[Done]) -> None:
        if self._on_commit is None:
            return
        try:
            self._on_commit(tuple(fact for one in done for fact in one.facts), any(one.pushed for one in done))
        except Exception:  # noqa: BLE001 - the commit stands, whatever its listener does
            _log.exception("on_commit failed")

    def _begin(self) -> tuple[PoolProxiedConnection, Any]:
        """A transaction begun; tried twice, because a restarted server refuses the first connection."""
        last: Exception | None = None
        for pause in (_PAUSE * 5, 0.0):
            try:
                connection = self._db.engine.raw_connection()
            except self._driver as error:
                last = error
            else:
                try:
                    cursor = connection.cursor()
                    if not self._db.postgresql:
                        cursor.execute("BEGIN IMMEDIATE")
                    return connection, cursor
                except self._driver as error:
                    last = error
                    connection.close()
            time.sleep(pause)
        raise _because(last)

    def _undo(self, connection: PoolProxiedConnection) -> None:
        try:
            connection.rollback()
            connection.close()
        except self._driver:
            connection.invalidate()  # a broken connection must not go back to the pool

    def _fail(self, units: Sequence[Unit], error: BaseException) -> None:
        with self._lock:
            self._count -= len(units)
        for unit in units:
            unit.future.set_exception(error)


def _because(error: Exception | None) -> Unreachable:
    unreachable = Unreachable("the database took nothing")
    unreachable.__cause__ = error
    return unreachable
