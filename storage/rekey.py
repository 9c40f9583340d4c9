"""After the secret key was changed: what is still sealed with an earlier one, and sealing it anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, func, or_, select, type_coerce, update

from storage import chain, crypto, search_index
from storage.columns import Secret
from storage.engine import Database
from storage.people import phone_indexes
from storage.schema import metadata, persons

_STEP = 500  # rows of one transaction: messages are answered in between


def check(db: Database) -> None:
    """Raises storage.crypto.CannotOpen when what lies there was sealed with a key that is none of ours.

    Looks at the first and the last row of each table with sealed columns: a program with a wrong key must not begin
    to write beside what it cannot read.
    """
    with db.reading() as conn:
        for table in _tables():
            keys = list(table.primary_key.columns)
            for order in (keys, [key.desc() for key in keys]):
                values = select(*(_raw(table, name) for name in _sealed(table))).order_by(*order).limit(1)
                found = conn.execute(values).first() or ()
                if not all(crypto.current().knows(value) for value in found if value is not None):
                    raise crypto.CannotOpen(f"{table.name}: sealed with a key that is not configured")


def waiting(db: Database) -> int:
    """Rows with a value under an earlier key, and one for the signature of the log. Reads every table with them."""
    with db.reading() as conn:
        return chain.signed_before(conn) + sum(
            conn.execute(select(func.count()).select_from(table).where(_old(table))).scalar_one()
            for table in _tables()
        )


def renew(db: Database) -> Iterator[int]:
    """Seal everything with the present key, while the service runs; gives the rows of each step.

    A row that was written meanwhile is left as it is: it is new. Raises storage.crypto.CannotOpen for a value
    whose key is not among ours; what was done before it stays done.
    """
    renewed = 0
    for table in _tables():
        while step := _some(db, table):
            renewed += step
            yield step
    if renewed:
        search_index.forget(db)
    with db.reading() as conn:
        signed_before = chain.signed_before(conn)
    if signed_before:
        chain.sign_anew(db)
        yield 1


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if _sealed(table)]


def _sealed(table: Table) -> list[str]:
    return [column.name for column in table.columns if isinstance(column.type, Secret)]


def _raw(table: Table, name: str) -> ColumnElement[str]:
    return type_coerce(table.c[name], Text())  # as it lies there: not opened, not sealed


def _old(table: Table) -> ColumnElement[bool]:
    mark = crypto.current().mark
    return or_(*(func.substr(_raw(table, name), 1, len(mark)) != mark for name in _sealed(table)))


def _some(db: Database, table: Table) -> int:
    names, keys = _sealed(table), list(table.primary_key.columns)
    wanted = select(*keys, *(_raw(table, name).label(f"sealed_{name}") for name in names)).where(_old(table))
    with db.writing() as conn:
        rows = conn.execute(wanted.limit(_STEP)).all()
        for row in rows:
            was = dict(zip(names, row[len(keys) :], strict=True))
            same = [key == value for key, value in zip(keys, row, strict=False)]
            same += [_raw(table, name) == sealed for name, sealed in was.items() if sealed is not None]
            conn.execute(update(table).where(*same).values(_anew(table, was)))
    return len(rows)


def _anew(table: Table, was: dict[str, str | None]) -> dict[str, Any]:
    ring = crypto.current()
    plain = {name: ring.open(sealed, f"{table.name}.{name}") for name, sealed in was.items() if sealed is not None}
    if table is persons and "phone" in plain:
        return {**plain, "phone_index": next(iter(phone_indexes(plain["phone"])), None)}
    return plain
