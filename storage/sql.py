"""Statements compiled once and run on the driver's own cursor; knows no table and no meaning.

SQLAlchemy's execution layer costs 30–100 µs a statement, the driver 3–10 µs (performance.md "Storage").
The expressions stay SQLAlchemy Core: names, types, binds and results are checked and converted as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Alias, ColumnClause, Dialect, Table, TableClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": PGDialect_psycopg(),  # type: ignore[no-untyped-call]
}
_FLOAT8 = 701  # what PostgreSQL calls the only type whose conversion depends on the column that came
_INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Stale(Exception):
    """A row was changed by somebody else after this turn had read it: the turn must run again."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in the words of one database."""

    sql: str
    fixed: dict[str, Any]  # binds with a value of their own
    converted: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]
    tables: frozenset[str]

    def bind(self, values: dict[str, Any]) -> dict[str, Any]:
        """The same dict, converted. Names the statement does not have are left alone.

        Raises NaiveTime, KeyError or, for a value that needs no conversion and is missing, what the driver raises.
        """
        for name, convert in self.converted:
            values[name] = convert(values[name])
        if self.fixed:
            values.update(self.fixed)
        return values

    def decode(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        if not self.results:
            return list(rows)
        out = []
        for row in rows:
            cells = list(row)
            for at, convert in self.results:
                if cells[at] is not None:
                    cells[at] = convert(cells[at])
            out.append(cells)
        return out


class Prepared:
    """One Core statement, or a function of the dialect's insert() for ON CONFLICT.

    `log`: rows only added at the end of tables, which may be written later and all together.
    """

    def __init__(self, statement: Any, *, log: bool = False) -> None:
        self._statement = statement
        self.log = log
        self._compiled: dict[str, Compiled] = {}

    def on(self, dialect: str) -> Compiled:
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(dialect)
        return found

    def _compile(self, name: str) -> Compiled:
        dialect = _DIALECTS[name]
        statement = self._statement(_INSERTS[name]) if callable(self._statement) else self._statement
        compiled = statement.compile(dialect=dialect)
        fixed: dict[str, Any] = {}
        converted: list[tuple[str, Convert]] = []
        params = compiled.construct_params(_check=False)
        for bind, bind_name in compiled.bind_names.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if bind.expanding:
                raise TypeError(f"a list of values cannot be compiled once: write in_([literal(x), …]) ({bind_name})")
            if bind.required:
                if convert is not None:
                    converted.append((bind_name, convert))
            else:
                value = params[bind_name]
                fixed[bind_name] = convert(value) if convert else value
        results = [
            (at, convert)
            for at, column in enumerate(statement.exported_columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, _FLOAT8)) is not None
        ]
        return Compiled(
            compiled.string, fixed, tuple(dict(converted).items()), tuple(results),
            _tables(statement),
        )  # fmt: skip


def _tables(statement: Any) -> frozenset[str]:
    """Every table a statement reads or writes, also in a subquery or under another name."""
    found = {statement.table} if getattr(statement, "table", None) is not None else set()
    for element in visitors.iterate(statement):
        if isinstance(element, TableClause | Alias):
            found.add(element)
        elif isinstance(element, ColumnClause) and element.table is not None:
            found.add(element.table)
    whole = {getattr(table, "element", table) for table in found}
    return frozenset(table.name for table in whole if isinstance(table, Table))


@dataclass(slots=True)
class _Write:
    compiled: Compiled
    rows: list[dict[str, Any]]
    once: bool = False


class Transaction:
    """Reads at once; writes wait until a read of the same table or the end, so that they travel together.

    Writes keep their order, except that rows of a log go together, after what was written before them and
    before whatever else touches their table.
    """

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor = cursor
        self._dialect = dialect
        self._pipelined = dialect == "postgresql"
        self._waiting: list[_Write] = []
        self._dirty: set[str] = set()
        self._logs: dict[str, _Write] = {}  # by table

    def rows(self, prepared: Prepared, /, **values: Any) -> list[Any]:
        """Every row, as sequences in the order of the statement's columns."""
        compiled = prepared.on(self._dialect)
        self._before_reading(compiled.tables)
        self._cursor.execute(compiled.sql, compiled.bind(values))
        return compiled.decode(self._cursor.fetchall())

    def one(self, prepared: Prepared, /, **values: Any) -> Any:
        """The first row or None."""
        found = self.rows(prepared, **values)
        return found[0] if found else None

    def many(self, prepared: Prepared, several: Sequence[Values]) -> list[list[Any]]:
        """The rows for each set of values; one round trip on PostgreSQL."""
        return self.gather([(prepared, values) for values in several])

    def gather(self, asked: Sequence[tuple[Prepared, Values]]) -> list[list[Any]]:
        """The rows of each question, asked in this order; one round trip on PostgreSQL."""
        if not self._pipelined or len(asked) < 2:
            return [self.rows(prepared, **values) for prepared, values in asked]
        self._before_reading(frozenset().union(*(p.on(self._dialect).tables for p, _ in asked)))
        together: dict[int, tuple[Compiled, list[int], list[dict[str, Any]]]] = {}
        for at, (prepared, values) in enumerate(asked):
            compiled = prepared.on(self._dialect)
            group = together.setdefault(id(compiled), (compiled, [], []))
            group[1].append(at)
            group[2].append(compiled.bind(dict(values)))
        answers: list[list[Any]] = [[] for _ in asked]
        connection = self._cursor.connection
        with connection.pipeline():
            cursors = []
            for compiled, _, several in together.values():
                cursor = connection.cursor()
                cursor.executemany(compiled.sql, several, returning=True)
                cursors.append(cursor)
        for cursor, (compiled, places, _) in zip(cursors, together.values(), strict=True):
            for at in places:
                answers[at] = compiled.decode(cursor.fetchall())
                cursor.nextset()
        return answers

    def write(self, prepared: Prepared, /, **values: Any) -> None:
        """Change rows, some time before the commit."""
        self._write(prepared, values, False)

    def write_once(self, prepared: Prepared, /, **values: Any) -> None:
        """The same, and Stale is raised then unless exactly one row changed."""
        self._write(prepared, values, True)

    def _write(self, prepared: Prepared, values: dict[str, Any], once: bool) -> None:
        compiled = prepared.on(self._dialect)
        bound = compiled.bind(values)
        if prepared.log:
            (table,) = compiled.tables
            log = self._logs.get(table)
            if log is None:
                log = self._logs[table] = _Write(compiled, [])
            log.rows.append(bound)
            return
        if self._logs:
            self._let_logs_wait_before(compiled.tables)
        last = self._waiting[-1] if self._waiting else None
        if last is not None and last.compiled is compiled and not (once or last.once):
            last.rows.append(bound)
        else:
            self._waiting.append(_Write(compiled, [bound], once))
        self._dirty |= compiled.tables

    def _let_logs_wait_before(self, tables: frozenset[str]) -> None:
        for table in self._logs.keys() & tables:
            self._waiting.append(self._logs.pop(table))
            self._dirty.add(table)

    def _before_reading(self, tables: frozenset[str]) -> None:
        if self._logs:
            self._let_logs_wait_before(tables)
        if not self._dirty.isdisjoint(tables):
            self._send()

    def flush(self) -> None:
        """Write everything. Raises Stale and what the driver raises."""
        self._let_logs_wait_before(frozenset(self._logs))
        self._send()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._dirty.clear()
        if self._pipelined:
            self._pipeline(waiting)
            return
        cursor = self._cursor
        for write in waiting:
            if len(write.rows) > 1:
                cursor.executemany(write.compiled.sql, write.rows)
            else:
                cursor.execute(write.compiled.sql, write.rows[0])
                if write.once and cursor.rowcount != 1:
                    raise Stale

    def _pipeline(self, waiting: list[_Write]) -> None:
        connection = self._cursor.connection
        checked = []
        with connection.pipeline():
            for write in waiting:
                cursor = connection.cursor()
                if len(write.rows) > 1:
                    cursor.executemany(write.compiled.sql, write.rows)
                else:
                    cursor.execute(write.compiled.sql, write.rows[0])
                    if write.once:
                        checked.append(cursor)
        if any(cursor.rowcount != 1 for cursor in checked):
            raise Stale
