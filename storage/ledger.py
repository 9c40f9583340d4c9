"""Rows of the register waiting to be written, found by their natural key; knows tables, not their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from storage import places, schema
from storage.ids import new_id

_CHUNK = 5_000
_REGISTER = frozenset({"communities", "grids", "micro_grids", "estates", "buildings", "households"})

Row = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """How many rows of one table were added, changed, found as they should be, and ended."""

    added: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0

    @property
    def touched(self) -> int:
        return self.added + self.changed + self.ended


class Ledger:
    """Collects inserts and updates; nothing reaches the database before `write()`.

    Ids are made here, so rows may refer to rows that are not written yet and a plan can be made on a
    read-only connection. A row with an `until` column counts as gone once that is set.
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.tally: dict[str, Tally] = {}
        self._known: dict[tuple[str, tuple[str, ...]], dict[tuple[Any, ...], Row]] = {}
        self._whole: set[tuple[str, tuple[str, ...]]] = set()
        self._fresh: dict[str, dict[int, Row]] = {}
        self._changed: dict[str, dict[int, Row]] = {}
        self._met: set[int] = set()  # stored rows already counted as the same
        self._blank: dict[str, Row] = {}
        self.plates: set[str] | None = None  # codes of door plates in use, see storage/land.py

    # --- looking up

    def know(self, table: Table, keys: tuple[str, ...], *where: ColumnElement[bool]) -> None:
        """Load rows at once; from here on a row that is not among them is a new one."""
        statement = select(table).where(*self._live(table), *where)
        for found in self.conn.execute(statement).mappings():
            self._meet(table, keys, dict(found))
        self._whole.add((table.name, keys))

    def find(self, table: Table, **key: Any) -> Row | None:
        """The row with this key, waiting or stored."""
        keys = tuple(key)
        at = tuple(key.values())
        seen = self._seen(table, keys)
        row = seen.get(at)
        if row is None and (table.name, keys) not in self._whole:
            equal = [table.c[k] == v for k, v in key.items()]
            found = self.conn.execute(select(table).where(*self._live(table), *equal)).mappings().first()
            if found is not None:
                row = self._meet(table, keys, dict(found))
        return row

    def rows(self, table: Table, keys: tuple[str, ...]) -> Iterable[Row]:
        """All rows loaded by `know` or added under these keys."""
        return self._seen(table, keys).values()

    # --- changing

    def put(self, table: Table, keys: tuple[str, ...], values: Mapping[str, Any]) -> int:
        """Add the row or bring the stored one to `values`; values of None leave what is stored. Returns its id."""
        given = {name: value for name, value in values.items() if value is not None}
        row = self.find(table, **{k: values[k] for k in keys})
        if row is None:
            row = {**self._defaults(table), **given}
            row["id"] = row.get("id") or new_id()
            self._meet(table, keys, row)
            self._fresh.setdefault(table.name, {})[row["id"]] = row
            self._count(table).added += 1
            return int(row["id"])
        differing = {name: value for name, value in given.items() if row[name] != value and name != "id"}
        if differing:
            self._amend(table, row, differing)
        elif row["id"] not in self._met and row["id"] not in self._fresh.get(table.name, {}):
            self._met.add(row["id"])
            self._count(table).same += 1
        return int(row["id"])

    def end(self, table: Table, row: Row, at: datetime) -> None:
        """Set `until` of a home or post."""
        self._amend(table, row, {"until": at})
        self._count(table).changed -= 1  # counted as ended instead
        self._count(table).ended += 1
        for (name, _), seen in self._known.items():
            if name == table.name:
                for key in [k for k, known in seen.items() if known["id"] == row["id"]]:
                    del seen[key]

    def _amend(self, table: Table, row: Row, values: Row) -> None:
        row.update(values)
        for (name, keys), seen in self._known.items():
            if name == table.name and not values.keys().isdisjoint(keys):
                seen[tuple(row[k] for k in keys)] = row
        if row["id"] in self._fresh.get(table.name, {}):
            return
        changed = self._changed.setdefault(table.name, {})
        if row["id"] not in changed:
            self._count(table).changed += 1
            self._count(table).same -= row["id"] in self._met
            self._met.add(row["id"])
        changed.setdefault(row["id"], {}).update(values)

    # --- writing

    @property
    def touched(self) -> int:
        return sum(tally.touched for tally in self.tally.values())

    @property
    def waiting(self) -> int:
        """Rows that `write()` will send."""
        pending = [*self._fresh.values(), *self._changed.values()]
        return sum(len(rows) for rows in pending)

    def write(self, step: Callable[[int], None] | None = None) -> None:
        """Send everything, referred-to tables first. `step(n)` is called after each n rows."""
        if _REGISTER & (self._fresh.keys() | self._changed.keys()):
            places.bump_version(self.conn)
        for table in schema.metadata.sorted_tables:
            self._insert(table, list(self._fresh.pop(table.name, {}).values()), step)
        for table in schema.metadata.sorted_tables:
            self._update(table, self._changed.pop(table.name, {}), step)

    def forget(self) -> None:
        """Drop what is known of written rows, so that a whole city fits in memory; `know` stays in force."""
        for seen in self._known.values():
            seen.clear()

    def _insert(self, table: Table, rows: Sequence[Row], step: Callable[[int], None] | None) -> None:
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            self.conn.execute(table.insert(), part)
            if step:
                step(len(part))

    def _update(self, table: Table, changes: Mapping[int, Row], step: Callable[[int], None] | None) -> None:
        by_columns: dict[tuple[str, ...], list[Row]] = {}
        for row_id, values in changes.items():
            names = tuple(sorted(values))
            by_columns.setdefault(names, []).append({"row_id": row_id, **{f"new_{n}": values[n] for n in names}})
        for names, rows in by_columns.items():
            new = {n: bindparam(f"new_{n}", type_=table.c[n].type) for n in names}
            self.conn.execute(table.update().where(table.c.id == bindparam("row_id")).values(new), rows)
            if step:
                step(len(rows))

    # --- small parts

    def _seen(self, table: Table, keys: tuple[str, ...]) -> dict[tuple[Any, ...], Row]:
        return self._known.setdefault((table.name, keys), {})

    def _meet(self, table: Table, keys: tuple[str, ...], row: Row) -> Row:
        """Remember a row under its key; one row found by two keys stays one object."""
        row = self._seen(table, ("id",)).setdefault((row["id"],), row)
        return self._seen(table, keys).setdefault(tuple(row[k] for k in keys), row)

    def _count(self, table: Table) -> Tally:
        return self.tally.setdefault(str(table.name), Tally())  # a plain str: reports are JSON

    def _live(self, table: Table) -> list[ColumnElement[bool]]:
        return [table.c.until.is_(None)] if "until" in table.c else []

    def _defaults(self, table: Table) -> Row:
        if table.name not in self._blank:
            self._blank[table.name] = {
                c.name: c.default.arg if c.default is not None and c.default.is_scalar else None  # type: ignore[attr-defined]
                for c in table.columns
            }
        return self._blank[table.name]
