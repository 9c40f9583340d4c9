"""The outbox: what became of what was taken from it, and what still waits; not how it is sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal_column, select, update
from sqlalchemy.sql.elements import ColumnElement

from handlers.types import Rank
from storage.alive import MARK
from storage.claiming import claim, mark
from storage.engine import Database
from storage.outgoing import AGAIN, SHARED, UNKNOWN, UNSURE, Outgoing, addresses_of, body, outgoing, shared_on
from storage.schema import outbox
from storage.transaction import written

__all__ = ["Outgoing", "body", "claim", "failed", "retry", "sent"]

_WAITING: ColumnElement[str] = literal_column("'waiting'")  # written out, so that the partial indexes are used
_SENDING: ColumnElement[str] = literal_column("'sending'")
_FAILED: ColumnElement[str] = literal_column("'failed'")

STORM = "storm"  # the same words went to this person too often within minutes
STALE = "stale"  # waited too long
_MAYBE = case((outbox.c.code == AGAIN, AGAIN), else_=UNKNOWN)  # of what its sender cannot speak for any more


def sent(db: Database, ids: Sequence[int], rung: str, now: datetime) -> None:
    """`rung`: how it went (passive service template …)."""
    with written(db) as tx:
        mark(tx, {rung: ids}, now)


def retry(db: Database, id: int, at: datetime, code: str, holder: str = "") -> None:  # noqa: A002 - the column's name
    """`holder`: only while the row is his; who was thought dead must not touch what another has in hand."""
    _settle(db, _his(id, holder), state="waiting", next_at=at, code=code[:32])


def failed(db: Database, id: int, code: str, now: datetime, holder: str = "") -> None:  # noqa: A002 - as above
    stopped = {"same": None} if code == STORM else {}  # what never left does not count against the next
    _settle(db, _his(id, holder), state="failed", done=now, code=code[:32], **stopped)


def _his(row: int, holder: str) -> ColumnElement[bool]:
    return and_(outbox.c.id == row, outbox.c.holder == holder) if holder else outbox.c.id == row


def release_expired(db: Database, now: datetime) -> int:
    """Claims of holders that are known by their lease only, and did not keep it, wait again. Returns how many."""
    late = and_(outbox.c.state == _SENDING, outbox.c.lease < now, outbox.c.holder.not_like(f"{MARK}%"))
    return _settle(db, late, state="waiting", code=_MAYBE)


def holders(db: Database) -> frozenset[str]:
    """Who has rows in hand; only those whose life is watched (storage/alive.py)."""
    watched = select(outbox.c.holder).where(outbox.c.state == _SENDING, outbox.c.holder.like(f"{MARK}%"))
    with db.reading() as conn:
        return frozenset(conn.execute(watched.distinct()).scalars())


def release_of(db: Database, dead: Collection[str]) -> int:
    """What the dead had in hand waits again; nobody knows whether it arrived. Returns how many."""
    theirs = and_(outbox.c.state == _SENDING, outbox.c.holder.in_(dead))
    return _settle(db, theirs, state="waiting", code=_MAYBE) if dead else 0


def drop_stale(db: Database, now: datetime, hours: float) -> int:
    """What waited longer than `hours` is not worth sending any more. Returns how many."""
    old = and_(outbox.c.state == _WAITING, outbox.c.created < now - timedelta(hours=hours))
    known = case(
        (and_(outbox.c.kind.in_(sorted(SHARED)), outbox.c.code.in_(sorted(UNSURE))), outbox.c.code), else_=STALE
    )
    return _settle(db, old, state="failed", code=known, done=now)


def depth(db: Database) -> dict[str, int]:
    """How many are waiting, sending and failed."""
    with db.reading() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(outbox).where(outbox.c.state == state)).scalar_one()
            for name, state in (("waiting", _WAITING), ("sending", _SENDING), ("failed", _FAILED))
        }


def oldest(db: Database) -> datetime | None:
    """When the oldest waiting push was written."""
    with db.reading() as conn:
        return conn.execute(select(func.min(outbox.c.created)).where(outbox.c.state == _WAITING)).scalar()


def behind(db: Database, person: int, limit: int) -> list[Outgoing]:
    """What else waits for a person and is no alarm, oldest first: to be sent together with another."""
    wanted = select(outbox).where(
        outbox.c.person == person, outbox.c.state == _WAITING, outbox.c.rank > int(Rank.ALARM)
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(outbox.c.id).limit(limit)).mappings().all()
        addresses, words = addresses_of(conn, {person}), shared_on(conn, rows)
        return [outgoing(row, addresses, attempts=row["attempts"], state=row["state"], words=words) for row in rows]


def waiting_for(db: Database, person: int, after_id: int, limit: int) -> list[Outgoing]:
    """A person's pushes after an id, oldest first, sent or not: the history of the web chat."""
    wanted = select(outbox).where(outbox.c.person == person, outbox.c.id > after_id, outbox.c.state != _FAILED)
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(outbox.c.id).limit(limit)).mappings().all()
        addresses, words = addresses_of(conn, {person}), shared_on(conn, rows)
        return [outgoing(row, addresses, attempts=row["attempts"], state=row["state"], words=words) for row in rows]


def _settle(db: Database, which: ColumnElement[bool], **values: Any) -> int:
    with db.writing() as conn:
        return conn.execute(update(outbox).where(which).values(lease=None, holder=None, **values)).rowcount
