"""Seals the facts log into a hash chain and checks it; knows rows, not what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage import crypto
from storage.columns import iso
from storage.engine import Database
from storage.schema import facts, meta

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


def seal(db: Database, limit: int = 1000) -> int:
    """Give the facts not sealed yet their place in the chain, in id order. Returns how many.

    One sealer at a time. A fact that commits later with a lower id stands later in the chain.
    """
    columns = [facts.c[name] for name in LINKED]
    with db.writing() as conn:
        if db.postgresql:
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        position, before = _end(conn)
        waiting = conn.execute(select(*columns).where(facts.c.hash.is_(None)).order_by(facts.c.id).limit(limit))
        sealed = []
        for row in waiting:
            position += 1
            before = link(before, row)
            sealed.append({"fact": row.id, "place": position, "seal": before})
        if sealed:
            conn.execute(
                update(facts)
                .where(facts.c.id == bindparam("fact"))
                .values(position=bindparam("place"), hash=bindparam("seal")),
                sealed,
            )
            _sign(conn, position, before)
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
    value = orjson.dumps(said)
    if not conn.execute(update(meta).where(meta.c.name == BEGINS).values(value=value)).rowcount:
        conn.execute(insert(meta).values(name=BEGINS, value=value))


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
    said = [row.id, row.turn, iso(row.at), row.actor, row.via, row.kind, row.ticket, row.body]
    return sha256(before.encode() + orjson.dumps(said)).hexdigest()


def _end(conn: Connection) -> tuple[int, str]:
    last = conn.execute(
        select(facts.c.position, facts.c.hash)
        .where(facts.c.position == select(func.max(facts.c.position)).scalar_subquery())
    ).first()  # fmt: skip
    begins = start(conn)
    return (last.position, last.hash) if last else (begins.position, begins.hash)


def _start(conn: Connection) -> dict[str, Any]:
    value = conn.execute(select(meta.c.value).where(meta.c.name == BEGINS)).scalar()
    said: dict[str, Any] = orjson.loads(value) if value else {}
    return said


def _head(conn: Connection) -> str:
    signed: bytes | None = conn.execute(select(meta.c.value).where(meta.c.name == _HEAD)).scalar()
    return (signed or b"").decode()


def _signatures(position: int, end: str) -> tuple[str, ...]:
    """The end of the chain under every key we have; who can only write to the database cannot make one."""
    return crypto.current().indexes(f"chain:{position}:{end}")


def _sign(conn: Connection, position: int, end: str) -> None:
    value = _signatures(position, end)[0].encode()
    if not conn.execute(update(meta).where(meta.c.name == _HEAD).values(value=value)).rowcount:
        conn.execute(insert(meta).values(name=_HEAD, value=value))
