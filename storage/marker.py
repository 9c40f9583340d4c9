"""Values of `meta` by name: where something stands; moved on by the process that comes first. Knows no meaning."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from storage.schema import meta
from storage.sql import Prepared
from storage.transaction import Stale, Transaction

_named = meta.c.name == bindparam("of")
_READ = Prepared(select(meta.c.value).where(_named))
_KEEP = Prepared(
    lambda insert: (
        insert(meta)
        .values(name=bindparam("of"), value=bindparam("is"))
        .on_conflict_do_update(index_elements=["name"], set_={"value": bindparam("is")})
    )
)
_FIRST = Prepared(
    lambda insert: insert(meta).values(name=bindparam("of"), value=bindparam("is")).on_conflict_do_nothing()
)
_MOVE = Prepared(update(meta).where(_named, meta.c.value == bindparam("was")).values(value=bindparam("is")))


def statements(conn: Connection) -> Transaction:
    """Prepared statements within a transaction of the engine's; `flush` what was written before it ends."""
    return Transaction(conn.connection.cursor(), conn.dialect.name)


def read(tx: Transaction, name: str) -> bytes:
    """Empty when there is none."""
    found = tx.one(_READ, of=name)
    return bytes(found[0]) if found else b""


def keep(tx: Transaction, name: str, value: bytes) -> None:
    """Whatever stood there before; written with the next flush."""
    tx.write(_KEEP, **{"of": name, "is": value})


def move(tx: Transaction, name: str, before: bytes, value: bytes) -> bool:
    """At once. Whether `before` (empty: nothing) still stood there: the row is this transaction's until its end."""
    try:
        if before:
            tx.write_once(_MOVE, **{"of": name, "was": before, "is": value})
        else:
            tx.write_once(_FIRST, **{"of": name, "is": value})
        tx.flush()
    except Stale:
        return False
    return True
