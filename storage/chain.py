"""Seals the facts log into a hash chain and checks it; knows rows, not what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, String, bindparam, func, select, text, type_coerce, update

from storage import crypto, marker
from storage.columns import iso
from storage.engine import Database
from storage.marker import statements
from storage.schema import facts
from storage.sql import Prepared, each, given

START = "0" * 64
_HEAD = "chain_head"
_LOCK = 0x6A75_7368_6501  # advisory lock of the sealer
_PAGE = 2000
BEGINS = "chain_begins"  # after which record the table begins, when older ones went into an archive
LINKED = ("id", "turn", "at", "actor", "via", "kind", "ticket", "body")


class ChainBroken(Exception):
    """A sealed fact was changed, taken out or put in. `position` counts from 1, `id` is the fact's (0: the end)."""

    def __init__(self, position: int, id: int) -> None:  # noqa: A002 - the name of the column
        super().__init__(f"the chain of facts is broken at position {position} (fact {id})")
        self.position = position
        self.id = id


_f = facts.c


def _waiting(dialect: str) -> Any:
    """On SQLite a moment stands as `iso` writes it."""
    at = type_coerce(_f.at, String) if dialect == "sqlite" else _f.at
    columns = [at if name == "at" else _f[name] for name in LINKED]
    return select(*columns).where(_f.hash.is_(None)).order_by(_f.id).limit(bindparam("limit"))


def _sealed(dialect: str) -> Any:
    _, (number, place, seal) = given(dialect, "sealed", BigInteger(), BigInteger(), String(64))
    return update(facts).where(_f.id == number, _f.hash.is_(None)).values(position=place, hash=seal)


_WAITING = Prepared(each(_waiting))
_SEALED = Prepared(each(_sealed))
_END = Prepared(select(_f.position, _f.hash).where(_f.position == select(func.max(_f.position)).scalar_subquery()))


def seal(db: Database, limit: int = 1000) -> int:
    """Give the facts not sealed yet their place in the chain, in id order. Returns how many.

    One sealer at a time. A fact that commits later with a lower id stands later in the chain.
    """
    while (done := _step(db, limit)) is None:
        pass
    return done


def _step(db: Database, limit: int) -> int | None:
    """None when another process sealed meanwhile."""
    with db.reading() as conn:  # the usual answer needs no writer, and hashing holds none up
        before = _end(conn)  # first: what is unsealed after it was read is so while it stays the end
        waiting = statements(conn).rows(_WAITING, limit=limit)
    if not waiting:
        return 0
    position, end = before
    sealed = []
    for id_, turn, at, *more in waiting:
        position += 1
        end = _linked(end, [id_, turn, at if at.__class__ is str else iso(at), *more])
        sealed.append((id_, position, end))
    with db.writing() as conn:
        if db.postgresql:
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _end(conn) != before:
            return None
        tx = statements(conn)
        tx.write(_SEALED, sealed=orjson.dumps(sealed).decode())
        tx.flush()
        _sign(conn, position, end)
        if (begins := start(conn)).position:
            begin_after(conn, begins)  # under the present key
    return len(sealed)


def verify(db: Database) -> int:
    """Number of facts checked. Raises ChainBroken; also when the last ones were cut off (the end is signed)."""
    columns = [facts.c[name] for name in (*LINKED, "position", "hash")]
    with db.reading() as conn:
        begins = start(conn)
        position, before = begins.position, begins.hash
        while True:
            page = conn.execute(
                select(*columns).where(facts.c.position > position).order_by(facts.c.position).limit(_PAGE)
            ).all()
            for row in page:
                position += 1
                before = link(before, row)
                if row.position != position or row.hash != before:
                    raise ChainBroken(position, row.id)
            if not page:
                break
        signed = _head(conn)
        expected = _signatures(position, before) if position or signed else ("",)
        if signed not in expected:
            raise ChainBroken(position + 1, 0)
        return position - begins.position


@dataclass(frozen=True, slots=True)
class Begins:
    """The last record that is in an archive. `until`: when it was written."""

    position: int = 0
    hash: str = START
    until: datetime | None = None


def start(conn: Connection) -> Begins:
    """Where the table's chain begins. Raises ChainBroken when what says so is not ours."""
    said = _start(conn)
    if not said:
        return Begins()
    if said["sign"] not in crypto.current().indexes(f"start:{said['position']}:{said['hash']}"):
        raise ChainBroken(int(said["position"]), 0)
    return Begins(said["position"], said["hash"], datetime.fromisoformat(said["until"]))


def begin_after(conn: Connection, last: Begins) -> None:
    """The table's chain begins after this record; signed, so that nobody else can cut off its beginning."""
    assert last.until is not None
    sign = crypto.current().indexes(f"start:{last.position}:{last.hash}")[0]
    said = {"position": last.position, "hash": last.hash, "until": iso(last.until), "sign": sign}
    _keep(conn, BEGINS, orjson.dumps(said))


def signed_before(conn: Connection) -> bool:
    """Whether an earlier key of ours signed where it ends or begins. False too when none of ours did."""
    try:
        begins, end = start(conn), _end(conn)
    except ChainBroken:
        return False
    ours = crypto.current().indexes(f"start:{begins.position}:{begins.hash}")[1:]
    return _head(conn) in _signatures(*end)[1:] or _start(conn).get("sign") in ours


def sign_anew(db: Database) -> None:
    """Under the present key, so that an earlier one can go; an end that none of ours signed stays broken."""
    with db.writing() as conn:
        if db.postgresql:
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        position, end = _end(conn)
        if _head(conn) in _signatures(position, end):
            _sign(conn, position, end)
        if (begins := start(conn)).until:
            begin_after(conn, begins)


def link(before: str, row: Any) -> str:
    """SHA-256 over the hash before and the canonical row."""
    return _linked(before, [row.id, row.turn, iso(row.at), row.actor, row.via, row.kind, row.ticket, row.body])


def _linked(before: str, said: list[Any]) -> str:
    return sha256(before.encode() + orjson.dumps(said)).hexdigest()


def _end(conn: Connection) -> tuple[int, str]:
    if last := statements(conn).one(_END):
        return last[0], last[1]
    begins = start(conn)
    return begins.position, begins.hash


def _start(conn: Connection) -> dict[str, Any]:
    value = marker.read(statements(conn), BEGINS)
    said: dict[str, Any] = orjson.loads(value) if value else {}
    return said


def _head(conn: Connection) -> str:
    return marker.read(statements(conn), _HEAD).decode()


def _signatures(position: int, end: str) -> tuple[str, ...]:
    """The end of the chain under every key we have; who can only write to the database cannot make one."""
    return crypto.current().indexes(f"chain:{position}:{end}")


def _sign(conn: Connection, position: int, end: str) -> None:
    _keep(conn, _HEAD, _signatures(position, end)[0].encode())


def _keep(conn: Connection, name: str, value: bytes) -> None:
    tx = statements(conn)
    marker.keep(tx, name, value)
    tx.flush()
