"""Numbers that count up for everybody: on PostgreSQL taken outside the turn's transaction, on SQLite within it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, PoolProxiedConnection, bindparam, update

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
CODES = "code:{:%Y%m%d}"  # the counter of a day's tickets
_several: BindParameter[int] = bindparam("several")
_SEVERAL = Prepared(
    lambda insert_: (
        insert_(counters)
        .values(name=bindparam("name"), value=_several)
        .on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + _several})
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

    def __init__(self, db: Database) -> None:
        self._db = db
        self._several = _SEVERAL.on(db.dialect)
        self._connection: PoolProxiedConnection | None = None
        self._expected: dict[str, int] = {}
        self._taken: dict[str, range] = {}

    def expect(self, name: str, several: int) -> None:
        """So many will be asked for: taken together with the first."""
        self._expected[name] = several

    def __call__(self, name: str) -> int:
        """The next number of this name. Raises what the driver raises."""
        taken = self._taken.get(name) or self._take(name, self._expected.pop(name, 1))
        self._taken[name] = taken[1:]
        return taken[0]

    def _take(self, name: str, several: int) -> range:
        if self._connection is None:
            self._connection = self._db.at_hand()
        driver: Any = self._connection.driver_connection
        with driver.pipeline():
            driver.execute("SET LOCAL synchronous_commit = off")
            taken = driver.execute(self._several.sql, self._several.bind({"name": name, "several": several}))
            driver.commit()
        last = int(taken.fetchone()[0])
        return range(last - several + 1, last + 1)

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

    def expect(self, name: str, several: int) -> None:
        """They are counted here."""

    def settle(self) -> None:
        """Say how far it came, before the transaction ends."""
        for name, value in self._last.items():
            self._tx.write(_REACHED, name=name, value=value)

    def close(self) -> None:
        """There is nothing to give back."""
