"""How a database would answer a prepared statement."""

from __future__ import annotations

from typing import Any

from storage.engine import Database
from storage.sql import Prepared


def planned(database: Database, prepared: Prepared, **values: Any) -> list[str]:
    compiled = prepared.on(database.dialect)
    explain = "EXPLAIN" if database.postgresql else "EXPLAIN QUERY PLAN"
    with database.reading() as conn:
        cursor = conn.connection.cursor()
        cursor.execute(f"{explain} {compiled.sql}", compiled.bind(dict(values)))
        return [str(row[-1]).strip() for row in cursor.fetchall()]
