"""Numbers that count up for everybody: on PostgreSQL taken outside the turn's transaction, on SQLite within it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import PoolProxiedConnection, bindparam, update

from storage.engine import Database
from storage.schema import counters
from storage.sql import Prepared
from storage.transaction import Transaction

NEXT = Prepared(
    lambda insert_: (
        insert_(counters)
        .values(name=bindparam("name"), value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
        .returning(counters.c.value)
    )
)
_REACHED = Prepared(
    update(counters).where(counters.c.name == bindparam("name")).values(value=bindparam("value")), unread=True
)


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

    def settle(self) -> None:
        """Every number was committed when it was taken."""

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Counted:
    """Numbers of one transaction that nobody else can count in: asked for once, counted here, written at the end."""

    def __init__(self, tx: Transaction, prepared: Prepared) -> None:
        self._tx = tx
        self._next = prepared
        self._last: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        last = self._last.get(name)
        self._last[name] = int(self._tx.one(self._next, name=name)[0]) if last is None else last + 1
        return self._last[name]

    def settle(self) -> None:
        """Say how far it came, before the transaction ends."""
        for name, value in self._last.items():
            self._tx.write(_REACHED, name=name, value=value)

    def close(self) -> None:
        """There is nothing to give back."""
