"""Numbers that count up for everybody, taken outside the turn's transaction; PostgreSQL only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import PoolProxiedConnection

from storage.engine import Database
from storage.sql import Prepared


class Numbers:
    """Inside the turn's transaction a counter's row would stay locked until the commit: every process that
    opens a ticket would wait for every other. A number of a turn that fails is left out.

    The commit here need not reach the disk: the turn's own commit comes later in the same log and takes it along.
    """

    def __init__(self, db: Database, prepared: Prepared) -> None:
        self._db = db
        self._next = prepared.on(db.dialect)
        self._connection: PoolProxiedConnection | None = None

    def __call__(self, name: str) -> int:
        """The next number of this name. Raises what the driver raises."""
        if self._connection is None:
            self._connection = self._db.engine.raw_connection()
        driver: Any = self._connection.driver_connection
        with driver.pipeline():
            driver.execute("SET LOCAL synchronous_commit = off")
            taken = driver.execute(self._next.sql, self._next.bind({"name": name}))
            driver.commit()
        return int(taken.fetchone()[0])

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
