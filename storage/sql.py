"""Statements compiled once and run on the driver's own cursor; knows no table and no meaning.

SQLAlchemy's execution layer costs 30–100 µs a statement, the driver 3–10 µs (performance.md "Storage").
The expressions stay SQLAlchemy Core: names, types, binds and results are checked and converted as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Alias,
    BigInteger,
    BindParameter,
    ColumnClause,
    ColumnElement,
    Dialect,
    Table,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),  # its driver looks for a name by making it anew for each value
    "postgresql": PGDialect_psycopg(),  # type: ignore[no-untyped-call]
}
_FLOAT8 = 701  # what PostgreSQL calls the only type whose conversion depends on the column that came
_INSERTS: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement in the words of one database."""

    sql: str
    fixed: dict[str, Any]  # binds with a value of their own
    converted: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]
    tables: frozenset[str]
    bulk: str = ""  # the same INSERT for many rows at once, as one bind of JSON; PostgreSQL only
    placed: Callable[[Values], tuple[Any, ...]] | None = None  # the values in the statement's order; SQLite only

    def bind(self, values: dict[str, Any]) -> Any:
        """What the driver takes: the same dict, converted, or its values. Names the statement does not have are
        left alone.

        Raises NaiveTime, KeyError or, for a value that needs no conversion and is missing, what the driver raises.
        """
        for name, convert in self.converted:
            values[name] = convert(values[name])
        if self.fixed:
            values.update(self.fixed)
        return self.placed(values) if self.placed else values

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


def each(statement: Callable[[str], Any]) -> dict[str, Any]:
    """The statement for each database, where they differ."""
    return {name: statement(name) for name in _DIALECTS}


def given(dialect: str, name: str, *kinds: TypeEngine[Any]) -> tuple[Any, tuple[ColumnElement[Any], ...]]:
    """Rows that come with a question, as a table and its columns: one bind of JSON, a list of lists.

    So that one statement asks for many things: each statement costs the driver more than a row does.
    """
    json = bindparam(name, type_=Text())
    if dialect == "sqlite":
        rows = func.json_each(json).table_valued("value", name=name)
        return rows, tuple(cast(func.json_extract(rows.c.value, f"$[{at}]"), kind) for at, kind in enumerate(kinds))
    rows = func.json_array_elements(cast(json, JSON())).table_valued(column("value", JSON()), name=name)
    return rows, tuple(cast(rows.c.value.op("->>")(literal_column(str(at))), kind) for at, kind in enumerate(kinds))


def among(dialect: str, at: ColumnElement[int], name: str = "ids") -> ColumnElement[bool]:
    """Whether a column's number is one of those that come as the bind `name`, made by `listed`: found by its index.

    PostgreSQL takes a JSON list for a hundred rows, and would rather read a whole table than look for each; an array
    it looks up.
    """
    rows, (number,) = given(dialect, name, BigInteger())
    asked = select(number).select_from(rows)
    return at.in_(asked) if dialect == "sqlite" else at == func.any(func.array(asked.scalar_subquery()))


def listed(ids: Iterable[int]) -> str:
    """The value of a bind of `among`."""
    return orjson.dumps([[number] for number in ids]).decode()


def gathered(dialect: str, rows: Any) -> Any:
    """The rows of a subquery as one value, a JSON list of lists, in the order of the subquery; None without rows."""
    listed = rows.subquery()
    if dialect == "sqlite":
        return select(func.json_group_array(func.json_array(*listed.c))).select_from(listed).scalar_subquery()
    whole = func.json_agg(func.json_build_array(*listed.c))
    return select(cast(whole, Text())).select_from(listed).scalar_subquery()


class Prepared:
    """One Core statement, one for each database (`each`), or a function of the dialect's insert() for ON CONFLICT.

    `log`: what nobody asks for in the turn, which may be written later and all together: rows at the end of a table.
    `unread`: the same of a column for which no turn asks at all: written last, whatever else its table is told.
    `kept`: a question whose answer holds for the transaction, until something of its tables is written.
    """

    def __init__(self, statement: Any, *, log: bool = False, unread: bool = False, kept: bool = False) -> None:
        self.compiled: dict[str, Compiled] = {}  # by dialect, what was used so far
        self._statement = statement
        self.log = log
        self.unread = unread
        self.kept = kept

    def on(self, dialect: str) -> Compiled:
        found = self.compiled.get(dialect)
        if found is None:
            found = self.compiled[dialect] = self._compile(dialect)
        return found

    def _compile(self, name: str) -> Compiled:
        dialect = _DIALECTS[name]
        statement = self._statement
        if isinstance(statement, dict):
            statement = statement[name]
        elif callable(statement):
            statement = statement(_INSERTS[name])
        if not statement.is_insert:
            statement = visitors.replacement_traverse(statement, {}, _spelled_out)
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
                fixed[str.__str__(bind_name)] = convert(value) if convert else value  # JSON wants plain str
        results = [
            (at, convert)
            for at, column in enumerate(statement.exported_columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, _FLOAT8)) is not None
        ]
        rows_of_a_log = name == "postgresql" and self.log and statement.is_insert
        return Compiled(
            compiled.string, fixed, tuple(dict(converted).items()), tuple(results),
            _tables(statement), _bulk(statement.table, compiled) if rows_of_a_log else "",
            _placed(tuple(compiled.positiontup)) if name == "sqlite" else None,
        )  # fmt: skip


def _placed(names: tuple[str, ...]) -> Callable[[Values], tuple[Any, ...]]:
    return itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)


def _spelled_out(element: Any, **_: Any) -> ColumnElement[Any] | None:
    """Constants of our own stand in the words: only then a planner sees that an index of some rows fits."""
    if not isinstance(element, BindParameter) or element.required:
        return None
    if isinstance(element.type, TypeDecorator | NullType):
        return None  # a type of our own, or a column's, which is not known yet: a value is sealed perhaps
    if type(element.value) is int:
        return literal_column(str(element.value), element.type)
    if isinstance(element.value, str):
        quoted = str.__str__(element.value).replace("'", "''")
        return literal_column(f"'{quoted}'", element.type)
    return None


def _bulk(table: Table, compiled: Any) -> str:
    """An INSERT of plain binds, from jsonb_to_recordset: executemany costs the driver 15 µs a row, this 2."""
    names = compiled.positiontup or list(compiled.params)
    before, _, after = compiled.string.partition(" VALUES ")
    plain = compiled.string.count("%(") == len(names) == before.count(",") + 1 and " ON CONFLICT " not in after
    if not plain or not set(names) <= set(table.c.keys()):
        return ""
    preparer = compiled.dialect.identifier_preparer
    columns = ", ".join(preparer.quote(name) for name in names)
    kinds = ", ".join(f"{preparer.quote(name)} {table.c[name].type.compile(compiled.dialect)}" for name in names)
    return (
        f"INSERT INTO {preparer.format_table(table)} ({columns}) "  # noqa: S608 - names of our own schema
        f"SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS rows({kinds})"
    )


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
