"""Reads and writes of one transaction on the driver's cursor, in as few round trips as may be; knows no table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from storage.engine import Database
from storage.sql import Compiled, Prepared, Values


@contextmanager
def written(db: Database) -> Iterator[Transaction]:
    """A transaction of its own for a few prepared statements, committed at the end."""
    with db.one_writer:
        connection = db.engine.raw_connection()
        try:
            cursor = connection.cursor()
            if not db.postgresql:
                cursor.execute("BEGIN IMMEDIATE")
            tx = Transaction(cursor, db.dialect)
            yield tx
            tx.flush()
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        finally:
            connection.close()


class Stale(Exception):
    """A row was changed by somebody else after this turn had read it: the turn must run again."""


@dataclass(slots=True)
class _Write:
    compiled: Compiled
    rows: list[Any]
    once: bool = False


class Transaction:
    """Reads at once; writes wait until a read of the same table or the end, so that they travel together.

    Writes keep their order, except that rows of a log go together, after what was written before them and
    before whatever else touches their table, and that what nobody reads comes last of all.
    """

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor = cursor
        self._dialect = dialect
        self._pipelined = dialect == "postgresql"
        self._waiting: list[_Write] = []
        self._dirty: set[str] = set()
        self._logs: dict[str, list[_Write]] = {}  # by table
        self._unread: dict[str, _Write] = {}  # by statement
        self._kept: dict[Prepared, dict[tuple[Any, ...], list[Any]]] = {}  # answers, by question and its values
        self._kept_of: set[str] = set()  # their tables

    def rows(self, prepared: Prepared, /, **values: Any) -> list[Any]:
        """Every row, as sequences in the order of the statement's columns."""
        if not prepared.kept:
            return self._asked(prepared, values)
        kept, key = self._kept.setdefault(prepared, {}), tuple(values.values())
        if key not in kept:
            kept[key] = self._asked(prepared, values)
            self._kept_of |= prepared.on(self._dialect).tables
        return kept[key]

    def _asked(self, prepared: Prepared, values: dict[str, Any]) -> list[Any]:
        compiled = prepared.compiled.get(self._dialect) or prepared.on(self._dialect)
        bound = compiled.bind(values)
        if self._waits_for(compiled.tables):
            if self._pipelined:
                with self._behind_writes() as connection:  # they and the question travel together
                    cursor = connection.cursor()
                    cursor.execute(compiled.sql, bound)
                return compiled.decode(cursor.fetchall())
            self._send()
        self._cursor.execute(compiled.sql, bound)
        return compiled.decode(self._cursor.fetchall())

    def one(self, prepared: Prepared, /, **values: Any) -> Any:
        """The first row or None."""
        found = self.rows(prepared, **values)
        return found[0] if found else None

    def many(self, prepared: Prepared, several: Sequence[Values]) -> list[list[Any]]:
        """The rows for each set of values; one round trip on PostgreSQL."""
        return self.gather([(prepared, values) for values in several])

    def gather(self, asked: Sequence[tuple[Prepared, Values]]) -> list[list[Any]]:
        """The rows of each question; one round trip on PostgreSQL, like questions together, in order of the first."""
        if not self._pipelined or len(asked) < 2:
            return [self.rows(prepared, **values) for prepared, values in asked]
        together: dict[int, tuple[Compiled, list[int], list[Any]]] = {}
        for at, (prepared, values) in enumerate(asked):
            compiled = prepared.on(self._dialect)
            group = together.setdefault(id(compiled), (compiled, [], []))
            group[1].append(at)
            group[2].append(compiled.bind(dict(values)))
        answers: list[list[Any]] = [[] for _ in asked]
        first = self._waits_for(frozenset().union(*(p.on(self._dialect).tables for p, _ in asked)))
        with self._behind_writes() if first else self._pipeline() as connection:
            cursors = []
            for compiled, _, several in together.values():
                cursor = connection.cursor()
                if len(several) == 1:
                    cursor.execute(compiled.sql, several[0])
                else:
                    cursor.executemany(compiled.sql, several, returning=True)
                cursors.append(cursor)
        for cursor, (compiled, places, _) in zip(cursors, together.values(), strict=True):
            for at in places:
                answers[at] = compiled.decode(cursor.fetchall())
                if len(places) > 1:
                    cursor.nextset()
        return answers

    def write(self, prepared: Prepared, /, **values: Any) -> None:
        """Change rows, some time before the commit."""
        compiled = prepared.compiled.get(self._dialect) or prepared.on(self._dialect)
        bound = compiled.bind(values)
        if prepared.unread:
            if compiled.sql not in self._unread:
                self._unread[compiled.sql] = _Write(compiled, [])
            self._unread[compiled.sql].rows.append(bound)
            return
        if not self._kept_of.isdisjoint(compiled.tables):
            self._forget(compiled.tables)
        if prepared.log:
            (table,) = compiled.tables
            log = self._logs.get(table)
            if log is None:
                log = self._logs[table] = []
            if not log or log[-1].compiled is not compiled:
                log.append(_Write(compiled, []))
            log[-1].rows.append(bound)
            return
        self._wait(compiled, bound, False)

    def write_once(self, prepared: Prepared, /, **values: Any) -> None:
        """The same, of what is no log, and Stale is raised then unless exactly one row changed."""
        compiled = prepared.on(self._dialect)
        bound = compiled.bind(values)
        self._forget(compiled.tables)
        self._wait(compiled, bound, True)

    def _wait(self, compiled: Compiled, bound: Any, once: bool) -> None:
        if self._logs:
            self._let_logs_wait_before(compiled.tables)
        last = self._waiting[-1] if self._waiting else None
        if last is not None and last.compiled is compiled and not (once or last.once):
            last.rows.append(bound)
        else:
            self._waiting.append(_Write(compiled, [bound], once))
        self._dirty |= compiled.tables

    def _forget(self, tables: frozenset[str]) -> None:
        self._kept_of -= tables
        for question in tuple(self._kept):
            if not tables.isdisjoint(question.on(self._dialect).tables):
                del self._kept[question]

    def _let_logs_wait_before(self, tables: frozenset[str]) -> None:
        for table in self._logs.keys() & tables:
            self._waiting += self._logs.pop(table)
            self._dirty.add(table)

    def _waits_for(self, tables: frozenset[str]) -> bool:
        """Whether something must be written before these are read."""
        if self._logs:
            self._let_logs_wait_before(tables)
        return not self._dirty.isdisjoint(tables)

    def flush(self) -> None:
        """Write everything. Raises Stale and what the driver raises."""
        self._let_logs_wait_before(frozenset(self._logs))
        self._waiting += self._unread.values()
        self._unread = {}
        self._send()

    def _taken(self) -> list[_Write]:
        waiting, self._waiting = self._waiting, []
        self._dirty.clear()
        return waiting

    def _send(self) -> None:
        if not self._waiting:
            return
        if self._pipelined:
            with self._behind_writes():
                return
        cursor = self._cursor
        for write in self._taken():
            if len(write.rows) > 1:
                cursor.executemany(write.compiled.sql, write.rows)
            else:
                cursor.execute(write.compiled.sql, write.rows[0])
                if write.once and cursor.rowcount != 1:
                    raise Stale

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        """What is executed on the connection's cursors within is one round trip."""
        connection = self._cursor.connection
        with connection.pipeline():
            yield connection

    @contextmanager
    def _behind_writes(self) -> Iterator[Any]:
        """The same, with what waits to be written before it. Raises Stale at the end."""
        checked = []
        with self._pipeline() as connection:
            for write in self._taken():
                cursor = connection.cursor()
                if len(write.rows) > 2 and write.compiled.bulk:
                    cursor.execute(write.compiled.bulk, (orjson.dumps(write.rows).decode(),))
                elif len(write.rows) > 1:
                    cursor.executemany(write.compiled.sql, write.rows)
                else:
                    cursor.execute(write.compiled.sql, write.rows[0])
                    if write.once:
                        checked.append(cursor)
            yield connection
        if any(cursor.rowcount != 1 for cursor in checked):
            raise Stale
