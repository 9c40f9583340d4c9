"""Pushes taken out of the outbox to be sent: in order, with a lease, each person's one after the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, and_, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from handlers.types import Rank, Sender
from storage import crypto, windows
from storage.columns import Utc
from storage.engine import Database
from storage.outgoing import SHARED, WORDS, Outgoing, bodies, outgoing, words_of
from storage.schema import identities, outbox, persons
from storage.sql import Prepared, among, each, given, listed
from storage.transaction import Transaction, written

_WAITING: ColumnElement[str] = literal_column("'waiting'")  # written out, so that the partial indexes are used
_SENDING: ColumnElement[str] = literal_column("'sending'")
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


_TAKEN = {"state": "sending", "holder": bindparam("holder"), "lease": bindparam("lease")}
_CLAIMED = Prepared(
    each(
        lambda dialect: (
            update(outbox).where(among(dialect, outbox.c.id)).values(**_TAKEN, attempts=outbox.c.attempts + 1)
        )
    )
)


def _counted(dialect: str) -> Any:
    """The same, with the mark of each one's words, and how often they went to the same person lately.

    A person's pushes are claimed one after the other by whatever process, so that nobody counts past another.
    """
    _, (number, same) = given(dialect, "marks", BigInteger(), BigInteger())
    before = outbox.alias("before").c
    this = literal_column("outbox.same", BigInteger())  # SQLite's RETURNING would be written without the table
    lately = select(func.count()).where(before.same == this, before.done >= bindparam("since", type_=Utc()))
    return (
        update(outbox)
        .where(outbox.c.id == number)
        .values(**_TAKEN, attempts=outbox.c.attempts + 1, same=same)
        .returning(outbox.c.id, lately.scalar_subquery().label("repeats"))
    )


_COUNTED = Prepared(each(_counted))
_SENT = Prepared(
    each(
        lambda dialect: (
            update(outbox)
            .where(among(dialect, outbox.c.id))
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
            .where(among(dialect, identities.c.person), identities.c.followed.is_(True))
            .order_by(identities.c.seen)
        )
    )
)


def claim(
    db: Database,
    now: datetime,
    limit: int,
    holder: str,
    lease_seconds: float,
    *,
    quiet: bool,
    channels: Collection[str] = (),
    since: datetime | None = None,
    busy: bool = False,
    sent: Mapping[str, Sequence[int]] | None = None,
    kept: Mapping[str, int] | None = None,
) -> list[Outgoing]:
    """Take up to `limit` pushes, most pressing first, at most one a person: the next only after it is done.

    A push waits behind an earlier or more pressing one of the same person, also while that one waits to be
    tried again. `quiet`: only ALARM and REPLY leave. A claim not settled within the lease is released
    (`queue.release_expired`) and sent again: at least once, never lost. `channels`: those that run; of several
    addresses one on them is taken. `since`: from when on the same words to the same person count as `repeats`;
    what is bulk is not counted. `busy`: some are expected, so that this one does not look twice.
    In the same transaction: `sent`, by rung, is marked, before anything is taken; of the channels of `kept` the first
    try is paid from the window of its address (`Outgoing.paid`) if more than so many are left after an announcement.
    """
    most = int(Rank.REPLY if quiet else Rank.BULK)
    if not (busy or sent):
        with closing(db.engine.raw_connection()) as connection:  # the usual answer, and needs no writer
            if Transaction(connection.cursor(), db.dialect).one(_DUE, now=now, most=most) is None:
                return []
    with written(db) as tx:
        mark(tx, sent or {}, now)
        rows = tx.rows(_NEXT, now=now, most=most, limit=limit) if limit > 0 else []
        if not rows:
            return []
        asked: list[tuple[Prepared, dict[str, str]]] = [(_ADDRESSES, {"ids": listed({row[1] for row in rows})})]
        if ids := words_of((row[3], row[2], row[5]) for row in rows):
            asked.append((WORDS, {"ids": ids}))
        found, *words = tx.gather(asked)
        taken = _outgoing(rows, found, bodies(*words) if words else {}, channels)
        mine = {"holder": holder, "lease": now + timedelta(seconds=lease_seconds)}
        bulk = [out.id for out in taken if out.rank >= Rank.BULK]
        if bulk:
            tx.write(_CLAIMED, ids=listed(bulk), **mine)
        paying = _paying(taken, kept, now) if kept else []
        marks = [(out.id, _stamp(out)) for out in taken if out.rank < Rank.BULK]
        last = windows.asked(db, [(sender, keep) for _, sender, keep in paying], now)
        if marks:
            last.append((_COUNTED, {"marks": orjson.dumps(marks).decode(), "since": since or now, **mine}))
        answers = tx.gather(last)
        repeats = dict(answers.pop()) if marks else {}
        left = windows.left([(sender, keep) for _, sender, keep in paying], answers) if paying else []
        paid = {row: one for (row, _, _), one in zip(paying, left, strict=True) if one is not None}
    return [_with(out, repeats.get(out.id, 0), paid.get(out.id)) for out in taken]


def mark(tx: Transaction, sent: Mapping[str, Sequence[int]], now: datetime) -> None:
    """What was sent, by how it went (passive service template …)."""
    for rung, ids in sent.items():
        tx.write(_SENT, ids=listed(ids), rung=rung, done=now)


def _paying(taken: Sequence[Outgoing], kept: Mapping[str, int], now: datetime) -> list[tuple[int, Sender, int]]:
    """(row, sender, how many must be left). Later tries are the channel's: it may have paid before."""
    paying = []
    for out in taken:
        if out.sender and out.sender.channel in kept and out.attempts == 1 and out.window_until is not None:
            keep = kept[out.sender.channel] if out.kind in SHARED else 0
            if out.window_until > now and out.window_left > keep:
                paying.append((out.id, out.sender, keep))
    return paying


def _with(out: Outgoing, repeats: int, left: int | None) -> Outgoing:
    if left is None:
        return replace(out, repeats=repeats) if repeats else out
    return replace(out, repeats=repeats, paid=True, window_left=left)


def _stamp(out: Outgoing) -> int:
    return crypto.current().stamp(f"{out.person}\0{out.text}")


def _outgoing(
    rows: Sequence[Any], found: Sequence[Any], words: dict[int, str], channels: Collection[str]
) -> list[Outgoing]:
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
