"""The outbox: what waits to be sent, taken in order and with a lease; not how it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, and_, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from handlers.types import Rank
from storage.alive import MARK
from storage.columns import Utc
from storage.engine import Database
from storage.outgoing import UNKNOWN, Outgoing, addresses_of, body, outgoing, shared, shared_on
from storage.schema import identities, outbox, persons
from storage.sql import Prepared, each, given
from storage.transaction import Transaction, written

__all__ = ["Outgoing", "body", "claim", "failed", "retry", "sent"]

_WAITING: ColumnElement[str] = literal_column("'waiting'")  # written out, so that the partial indexes are used
_SENDING: ColumnElement[str] = literal_column("'sending'")
_FAILED: ColumnElement[str] = literal_column("'failed'")


_ROW = ("id", "person", "ticket", "kind", "rank", "body", "attempts", "created", "code", "turn")
_ADDRESS = ("channel", "account", "user", "person", "seen", "window_until", "window_left", "prefers")
_mine, _other = outbox.alias("mine"), outbox.alias("other")
_ahead = exists().where(
    _other.c.person == _mine.c.person,
    literal_column("other.state IN ('waiting', 'sending')"),
    or_(
        _other.c.state == _SENDING,
        _other.c.rank < _mine.c.rank,
        and_(_other.c.rank == _mine.c.rank, _other.c.id < _mine.c.id),
    ),
)
_due = and_(
    _mine.c.state == _WAITING, _mine.c.next_at <= bindparam("now", type_=Utc()), _mine.c.rank <= bindparam("most")
)
_DUE = Prepared(select(_mine.c.id).where(_due).limit(1))
_NEXT = Prepared(
    select(*(_mine.c[name] for name in _ROW))
    .where(_due, ~_ahead)
    .order_by(_mine.c.rank, _mine.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=_mine)
)


def _ids(dialect: str) -> Any:
    asked, (number,) = given(dialect, "ids", BigInteger())
    return select(number).select_from(asked)


_CLAIMED = Prepared(
    each(
        lambda dialect: (
            update(outbox)
            .where(outbox.c.id.in_(_ids(dialect)))
            .values(
                state="sending", holder=bindparam("holder"), lease=bindparam("lease"), attempts=outbox.c.attempts + 1
            )
        )
    )
)
_SENT = Prepared(
    each(
        lambda dialect: (
            update(outbox)
            .where(outbox.c.id.in_(_ids(dialect)))
            .values(state="sent", rung=bindparam("rung"), done=bindparam("done"), code=None, lease=None, holder=None)
        )
    )
)
# every followed address of each person, last seen last, with the channel the person wishes for
_ADDRESSES = Prepared(
    each(
        lambda dialect: (
            select(*(identities.c[name] for name in _ADDRESS[:-1]), persons.c.prefers)
            .join_from(identities, persons, persons.c.id == identities.c.person)
            .where(identities.c.person.in_(_ids(dialect)), identities.c.followed.is_(True))
            .order_by(identities.c.seen)
        )
    )
)


def _json(ids: Iterable[int]) -> str:
    return orjson.dumps([[number] for number in ids]).decode()


def claim(
    db: Database,
    now: datetime,
    limit: int,
    holder: str,
    lease_seconds: float,
    *,
    quiet: bool,
    channels: Collection[str] = (),
) -> list[Outgoing]:
    """Take up to `limit` pushes, most pressing first, at most one a person: the next only after it is done.

    A push waits behind an earlier or more pressing one of the same person, also while that one waits to be
    tried again. `quiet`: only ALARM and REPLY leave. A claim not settled within the lease is released
    (`release_expired`) and sent again: at least once, never lost. `channels`: those that run; of several addresses
    one on them is taken.
    """
    most = int(Rank.REPLY if quiet else Rank.BULK)
    with closing(db.engine.raw_connection()) as connection:  # nothing due is the usual answer, and needs no writer
        if Transaction(connection.cursor(), db.dialect).one(_DUE, now=now, most=most) is None:
            return []
    with written(db) as tx:
        rows = tx.rows(_NEXT, now=now, most=most, limit=limit)
        if not rows:
            return []
        tx.write(
            _CLAIMED, ids=_json(row[0] for row in rows), holder=holder, lease=now + timedelta(seconds=lease_seconds)
        )
        found = tx.rows(_ADDRESSES, ids=_json({row[1] for row in rows}))
        words = shared(tx, ((row[3], row[2], row[5]) for row in rows))
    addresses: dict[int, list[Any]] = {}
    for cells in found:
        address = dict(zip(_ADDRESS, cells, strict=True))
        addresses.setdefault(address["person"], []).append(address)
    if channels:
        addresses = {
            who: [at for at in known if at["channel"] in channels] or known for who, known in addresses.items()
        }
    several = [dict(zip(_ROW, cells, strict=True)) for cells in rows]
    return [outgoing(row, addresses, attempts=row["attempts"] + 1, state="sending", words=words) for row in several]


def sent(db: Database, ids: Sequence[int], rung: str, now: datetime) -> None:
    """`rung`: how it went (passive service template …)."""
    with written(db) as tx:
        tx.write(_SENT, ids=_json(ids), rung=rung, done=now)


def retry(db: Database, id: int, at: datetime, code: str, holder: str = "") -> None:  # noqa: A002 - the column's name
    """`holder`: only while the row is his; who was thought dead must not touch what another has in hand."""
    _settle(db, _his(id, holder), state="waiting", next_at=at, code=code[:32])


def failed(db: Database, id: int, code: str, now: datetime, holder: str = "") -> None:  # noqa: A002 - as above
    _settle(db, _his(id, holder), state="failed", done=now, code=code[:32])


def _his(row: int, holder: str) -> ColumnElement[bool]:
    return and_(outbox.c.id == row, outbox.c.holder == holder) if holder else outbox.c.id == row


def release_expired(db: Database, now: datetime) -> int:
    """Claims of holders that are known by their lease only, and did not keep it, wait again. Returns how many."""
    late = and_(outbox.c.state == _SENDING, outbox.c.lease < now, outbox.c.holder.not_like(f"{MARK}%"))
    return _settle(db, late, state="waiting", code=UNKNOWN)


def holders(db: Database) -> frozenset[str]:
    """Who has rows in hand; only those whose life is watched (storage/alive.py)."""
    watched = select(outbox.c.holder).where(outbox.c.state == _SENDING, outbox.c.holder.like(f"{MARK}%"))
    with db.reading() as conn:
        return frozenset(conn.execute(watched.distinct()).scalars())


def release_of(db: Database, dead: Collection[str]) -> int:
    """What the dead had in hand waits again; nobody knows whether it arrived. Returns how many."""
    theirs = and_(outbox.c.state == _SENDING, outbox.c.holder.in_(dead))
    return _settle(db, theirs, state="waiting", code=UNKNOWN) if dead else 0


def drop_stale(db: Database, now: datetime, hours: float) -> int:
    """What waited longer than `hours` is not worth sending any more. Returns how many."""
    old = and_(outbox.c.state == _WAITING, outbox.c.created < now - timedelta(hours=hours))
    return _settle(db, old, state="failed", code="stale", done=now)


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
