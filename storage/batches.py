"""One transaction for several turns, and what happens when it fails; knows no queue and no thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.transaction import Stale
from storage.turn import Run, run_together
from storage.unit import Done, Unit

_log = logging.getLogger(__name__)
_TRIES = 6
_PAUSE = 0.01
_CONTENDED = f"SELECT pg_advisory_xact_lock({0x6A75_7304}, 0)"

T = TypeVar("T")


class Unreachable(Exception):
    """The database took nothing: down, locked or full. The cause is the driver's error."""


class Batches:
    """`finished(units, done)` is told after a commit, `failed(units, error)` of turns that came to nothing.

    What either raises is logged: the turns stand, and the next ones must not wait for ever.
    """

    def __init__(
        self, run: Run, finished: Callable[[Sequence[Unit], Sequence[Done]], None],
        failed: Callable[[Sequence[Unit], BaseException], None],
    ) -> None:  # fmt: skip
        self.run = run
        self._db = run.db
        self.finished = _told(finished)
        self._failed = _told(failed)
        dbapi = run.db.engine.dialect.loaded_dbapi
        self._again = (Stale, dbapi.OperationalError, dbapi.IntegrityError, dbapi.InterfaceError)
        self._logical = (Stale, dbapi.IntegrityError)
        self.driver = (DBAPIError, PoolTimeout, dbapi.OperationalError, dbapi.InterfaceError)

    def settle(self, units: Sequence[Unit]) -> None:
        """All of them together; when that fails each by itself. Blocks, raises nothing."""
        try:
            self._attempt(units)
        except Exception as error:  # noqa: BLE001 - whatever one turn raises, the others must be done
            self.recover(units, error)

    def recover(self, units: Sequence[Unit], error: Exception) -> None:
        """What is left to do for units whose common transaction raised `error` and was undone. Blocks."""
        if isinstance(error, Unreachable) or (len(units) == 1 and not isinstance(error, self._again)):
            self._failed(units, error)
        else:
            self._alone(units, stale=isinstance(error, Stale))

    def _alone(self, units: Sequence[Unit], *, stale: bool) -> None:
        """Each in its own transaction, so that only the bad one fails. What another process wrote over before is done
        one after the other among all processes: in an outage hundreds want to change one ticket at once."""
        for at, unit in enumerate(units):
            for tried in range(_TRIES):
                try:
                    self._attempt([unit], contended=stale)
                    break
                except Unreachable as error:
                    self._failed(units[at:], error)
                    return
                except self._again as error:
                    stale = stale or isinstance(error, Stale)
                    # without an inbox key nothing tells whether a lost commit happened
                    if tried + 1 == _TRIES or (unit.committing and not unit.keyed):
                        self._failed([unit], error if isinstance(error, self._logical) else because(error))
                        break
                    time.sleep(_PAUSE * 2**tried)
                except Exception as error:  # noqa: BLE001 - handed to the caller through its future
                    self._failed([unit], error)
                    break

    def _attempt(self, units: Sequence[Unit], *, contended: bool = False) -> None:
        with self._db.one_writer:
            connection, cursor = self._begin()
            try:
                if contended and self._db.postgresql:
                    cursor.execute(_CONTENDED)
                done = run_together(self.run, cursor, [unit.item for unit in units])
                for unit in units:
                    unit.committing = True
                connection.commit()
            except BaseException:
                self._undo(connection)
                raise
            connection.close()
        self.finished(units, done)

    def _begin(self) -> tuple[PoolProxiedConnection, Any]:
        """A transaction begun; tried twice, because a restarted server refuses the first connection."""
        last: Exception | None = None
        for pause in (_PAUSE * 5, 0.0):
            try:
                connection = self._db.at_hand()
            except self.driver as error:
                last = error
            else:
                try:
                    cursor = connection.cursor()
                    if not self._db.postgresql:
                        cursor.execute("BEGIN IMMEDIATE")
                    return connection, cursor
                except self.driver as error:
                    last = error
                    connection.close()
            time.sleep(pause)
        raise because(last)

    def _undo(self, connection: PoolProxiedConnection) -> None:
        self._db.doubted()
        try:
            connection.rollback()
            connection.close()
        except self.driver:
            connection.invalidate()  # a broken connection must not go back to the pool


def because(error: Exception | None) -> Unreachable:
    unreachable = Unreachable("the database took nothing")
    unreachable.__cause__ = error
    return unreachable


def _told(tell: Callable[[Sequence[Unit], T], None]) -> Callable[[Sequence[Unit], T], None]:
    def telling(units: Sequence[Unit], what: T) -> None:
        try:
            tell(units, what)
        except Exception:  # noqa: BLE001 - as promised above
            _log.exception("who is told of turns failed")

    return telling
