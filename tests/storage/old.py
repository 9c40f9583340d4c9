"""`python -m tests.storage.old DATABASE FILE`: a few rows of every table of a database of any version, as JSON.

Rows and all they refer to, so that they can be put into an empty database of the same version. Made with the program
of that version and its sample community; the tests bring them to today's version (tests/storage/test_versions.py).
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    delete,
    func,
    insert,
    select,
    text,
)

FEW, ALL = 4, 60  # rows of a long table; of one that has no more than so many all, as the chain of records needs
KEY = "test-secret-of-no-other-use-----"  # JUSHE_SECRET_KEY of the programs that wrote the dumps


def dump(conn: Connection) -> dict[str, Any]:
    """{"version": …, "tables": {name: [row, …]}}, tables in the order in which they can be filled."""
    found = _reflected(conn)
    kept: dict[str, dict[tuple[Any, ...], Any]] = {table.name: {} for table in found.sorted_tables}
    for table in reversed(found.sorted_tables):  # who refers before what is referred to
        size = conn.execute(select(func.count()).select_from(table)).scalar_one()
        for row in conn.execute(select(table).limit(ALL if size <= ALL else FEW)):
            _keep(conn, table, row, kept)
    version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    tables = {name: [_plain(row) for row in rows.values()] for name, rows in kept.items()}
    return {"version": version, "tables": {name: rows for name, rows in tables.items() if name != "alembic_version"}}


def load(conn: Connection, data: dict[str, Any]) -> None:
    """The rows of a dump into the tables of its version; what migrations had put in goes first."""
    found = _reflected(conn)
    for table in reversed(found.sorted_tables):
        if table.name != "alembic_version":
            conn.execute(delete(table))
    for name, rows in data["tables"].items():
        table = found.tables[name]
        for row in rows:
            conn.execute(insert(table).values({key: _typed(table, key, value) for key, value in row.items()}))


def _reflected(conn: Connection) -> MetaData:
    found = MetaData()
    found.reflect(conn)
    return found


def _keep(conn: Connection, table: Table, row: Any, kept: dict[str, dict[tuple[Any, ...], Any]]) -> None:
    values = row._mapping
    key = tuple(values[column.name] for column in table.primary_key) or tuple(values.values())
    if key in kept[table.name]:
        return
    kept[table.name][key] = row
    for column in table.columns:
        for reference in column.foreign_keys:
            other = reference.column
            if values[column.name] is not None:
                for found in conn.execute(select(other.table).where(other == values[column.name])):
                    _keep(conn, other.table, found, kept)


def _plain(row: Any) -> dict[str, Any]:
    def one(value: Any) -> Any:
        if isinstance(value, bytes):
            return {"base64": base64.b64encode(value).decode()}
        return value.isoformat() if isinstance(value, datetime) else value

    return {name: one(value) for name, value in row._mapping.items()}


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None:
        return None
    if isinstance(value, dict) and "base64" in value:
        return base64.b64decode(value["base64"])
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, JSON) and isinstance(value, str):
        return json.loads(value)
    return value.encode() if isinstance(kind, LargeBinary) and isinstance(value, str) else value


def main(arguments: Iterable[str]) -> None:
    url, file = arguments
    with create_engine(url).connect() as conn:
        data = dump(conn)
    Path(file).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{data['version']}: {sum(map(len, data['tables'].values()))} rows of {len(data['tables'])} tables")


if __name__ == "__main__":
    main(sys.argv[1:])
