"""The outbox fed from an announcement's recipients: so many ahead, and what became of them taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, BindParameter, and_, bindparam, case, func, literal, or_, select, update

from handlers.announcements.rules import Place, State
from handlers.announcements.told import KIND, MUSTER
from handlers.types import Rank
from storage import crypto
from storage.announcements import BACK, MAYBE, WITHDRAWN
from storage.columns import Utc
from storage.engine import Database
from storage.ids import new_id
from storage.outgoing import AGAIN, UNSURE
from storage.schema import announcements, outbox, recipients
from storage.sql import Prepared, each, given
from storage.transaction import Transaction, written

AHEAD = 2_000  # recipients of one announcement that stand in the outbox at a time
AHEAD_URGENT = 200  # of an 应急 one, which goes before tasks: danger elsewhere must not wait behind it

_a, _r = announcements.c, recipients.c
_id: BindParameter[int] = bindparam("announcement")
_now = bindparam("now", type_=Utc())
HELD = Prepared(
    select(_a.state, _a.upto).where(_a.id == _id, _a.state == bindparam("state")).with_for_update(skip_locked=True)
)  # fmt: skip
_OPEN = Prepared(
    select(_r.state, func.count())
    .where(_r.announcement == _id, _r.state.in_([literal(Place.WAITING.value), literal(Place.QUEUED.value)]))
    .group_by(_r.state)
    .order_by(_r.state)
)
_QUEUED = Prepared(select(func.count()).where(_r.announcement == _id, _r.state == Place.QUEUED.value))
_NEXT = Prepared(
    select(_r.person, _r.reason)
    .where(_r.announcement == _id, _r.state == Place.WAITING.value)
    .order_by(_r.person)
    .limit(bindparam("limit"))
)


def _pairs(dialect: str) -> tuple[Any, Any, Any, Any]:
    """`again`: whether it may have come before."""
    rows, (person, push, again) = given(dialect, "pairs", BigInteger(), BigInteger(), BigInteger())
    return rows, person, push, again


def _pushed(dialect: str) -> Any:
    rows, person, push, again = _pairs(dialect)
    o = outbox.c
    return outbox.insert().from_select(
        [o.id, o.person, o.ticket, o.kind, o.rank, o.body, o.state, o.rung, o.attempts, o.created, o.next_at,
         o.code],
        select(
            push, person, bindparam("announcement", type_=BigInteger()), bindparam("kind", type_=o.kind.type),
            bindparam("rank", type_=o.rank.type), bindparam("body", type_=o.kind.type), literal("waiting"),
            literal(""), literal(0), _now, _now, case((again == 1, AGAIN)),
        ).select_from(rows),
        include_defaults=False,
    )  # fmt: skip


def _queued(dialect: str) -> Any:
    """From the rows just put into the outbox: found by their keys, where a list of JSON would be walked each time."""
    rows, _, push, _ = _pairs(dialect)
    return (
        update(recipients)
        .where(
            outbox.c.id.in_(select(push).select_from(rows)), _r.announcement == outbox.c.ticket,
            _r.person == outbox.c.person,
        )
        .values(state=Place.QUEUED.value, push=outbox.c.id, changed=_now)
    )  # fmt: skip


_PUSHED = Prepared(each(_pushed))
_TAKEN = Prepared(each(_queued))
_UNSURE = [literal(code) for code in sorted(UNSURE)]
SETTLED = Prepared(  # what may have come stays so, also when a repeat was refused
    update(recipients)
    .where(
        _r.announcement == _id, _r.state == Place.QUEUED.value, outbox.c.id == _r.push,
        outbox.c.state.in_([literal("sent"), literal("failed")]),
    )
    .values(
        state=case(
            (outbox.c.state == "sent", Place.SENT.value),
            (or_(MAYBE, func.coalesce(outbox.c.code, "").in_(_UNSURE)), Place.UNSURE.value),
            else_=Place.FAILED.value,
        ),
        reason=case(
            (and_(MAYBE, outbox.c.state != "sent"), _r.reason), else_=func.coalesce(outbox.c.code, "")
        ),
        rung=outbox.c.rung, changed=func.coalesce(outbox.c.done, _now),
    )
)  # fmt: skip


def feed(
    db: Database, announcement: int, now: datetime, *, urgent: bool = False, hold: bool = False
) -> tuple[int, int, int]:
    """Take back what was sent, put the next ones into the outbox: (still waiting, in the outbox, put there now)."""
    ahead = AHEAD_URGENT if urgent else AHEAD
    rank = Rank.REPLY if urgent else Rank.BULK
    with written(db) as tx:
        if tx.one(HELD, announcement=announcement, state=State.SENDING.value) is None:
            return (1, 0, 0)  # another process has it in hand, or it was stopped
        tx.write(SETTLED, announcement=announcement, now=now)
        queued = int(tx.one(_QUEUED, announcement=announcement)[0])
        if (
            hold and queued
        ):  # the night has begun: what was not taken yet waits here, not among the pushes that are late
            for back in (WITHDRAWN, BACK):
                tx.write(back, announcement=announcement, now=now)
        people: list[tuple[int, str]] = []
        if not hold and queued <= ahead // 2:
            people = [(row[0], row[1]) for row in tx.rows(_NEXT, announcement=announcement, limit=ahead - queued)]
        if people:
            pairs = orjson.dumps([(person, new_id(), int(bool(why))) for person, why in people]).decode()
            at = {"announcement": announcement, "pairs": pairs, "now": now}
            kind = MUSTER if _is_muster(tx, announcement) else KIND
            # the words are those of the announcement (storage/outgoing.py): 277,000 copies would be half a gigabyte
            tx.write(_PUSHED, **at, kind=kind, rank=int(rank), body=crypto.current().seal("", "outbox.body"))
            tx.write(_TAKEN, **at)
        standing = {state: int(count) for state, count in tx.rows(_OPEN, announcement=announcement)}
    return standing.get(Place.WAITING, 0), standing.get(Place.QUEUED, 0), len(people)


_MUSTER = Prepared(select(_a.muster).where(_a.id == _id))


def _is_muster(tx: Transaction, announcement: int) -> bool:
    row = tx.one(_MUSTER, announcement=announcement)
    return bool(row and row[0])
