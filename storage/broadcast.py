"""Brings announcements to their recipients: freezes the audience, feeds the outbox, takes back what became of it.

Set-based: a step is one transaction of a few statements, whatever number of people it moves. Several processes
may step at once; each announcement is in the hands of one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    BindParameter,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from handlers import after
from handlers.announcements.acts import by_clock
from handlers.announcements.chat import quiet
from handlers.announcements.rules import Act, Kind, Place, State
from handlers.announcements.told import KIND, MUSTER
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Rank
from storage import audience, crypto
from storage.announcements import BACK, WITHDRAWN
from storage.columns import Utc
from storage.engine import Database
from storage.ids import new_id
from storage.looking import looking
from storage.schema import announcements, outbox, recipients
from storage.sql import Prepared, each, given
from storage.transaction import Transaction, written
from storage.turns import Turns

SLICE = 5_000  # people looked at in one transaction while preparing: short enough for the turns beside it
AHEAD = 2_000  # recipients of one announcement that stand in the outbox at a time
AHEAD_URGENT = 200  # of an 应急 one, which goes before tasks: danger elsewhere must not wait behind it

_a, _r = announcements.c, recipients.c
_id: BindParameter[int] = bindparam("announcement")
_now = bindparam("now", type_=Utc())
_under_way = exists().where(_r.announcement == _a.id, _r.state == Place.QUEUED.value)
_LIVE = Prepared(
    select(_a.id, _a.state, _a.kind)
    .where(
        literal_column("state IN ('preparing', 'sending', 'paused', 'cancelled')"),
        or_(_a.state.in_([literal(State.PREPARING.value), literal(State.SENDING.value)]), _under_way),
    )
    .order_by(case((_a.kind == Kind.EMERGENCY.value, 0), else_=1), _a.id)
)
_HELD = Prepared(
    select(_a.state, _a.upto).where(_a.id == _id, _a.state == bindparam("state")).with_for_update(skip_locked=True)
)  # fmt: skip
_UPTO = Prepared(update(announcements).where(_a.id == _id).values(upto=bindparam("upto")))
_COUNT = Prepared(select(func.count()).where(_r.announcement == _id))
_OPEN = Prepared(
    select(_r.state, func.count())
    .where(_r.announcement == _id, _r.state.in_([literal(Place.WAITING.value), literal(Place.QUEUED.value)]))
    .group_by(_r.state)
    .order_by(_r.state)
)
_QUEUED = Prepared(select(func.count()).where(_r.announcement == _id, _r.state == Place.QUEUED.value))
_NEXT = Prepared(
    select(_r.person)
    .where(_r.announcement == _id, _r.state == Place.WAITING.value)
    .order_by(_r.person)
    .limit(bindparam("limit"))
)


def _pairs(dialect: str) -> tuple[Any, Any, Any]:
    rows, (person, push) = given(dialect, "pairs", BigInteger(), BigInteger())
    return rows, person, push


def _pushed(dialect: str) -> Any:
    rows, person, push = _pairs(dialect)
    o = outbox.c
    return outbox.insert().from_select(
        [o.id, o.person, o.ticket, o.kind, o.rank, o.body, o.state, o.rung, o.attempts, o.created, o.next_at],
        select(
            push, person, bindparam("announcement", type_=BigInteger()), bindparam("kind", type_=o.kind.type),
            bindparam("rank", type_=o.rank.type), bindparam("body", type_=o.kind.type), literal("waiting"),
            literal(""), literal(0), _now, _now,
        ).select_from(rows),
        include_defaults=False,
    )  # fmt: skip


def _queued(dialect: str) -> Any:
    """From the rows just put into the outbox: found by their keys, where a list of JSON would be walked each time."""
    rows, _, push = _pairs(dialect)
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
_SETTLED = Prepared(
    update(recipients)
    .where(
        _r.announcement == _id, _r.state == Place.QUEUED.value, outbox.c.id == _r.push,
        outbox.c.state.in_([literal("sent"), literal("failed")]),
    )
    .values(
        state=case((outbox.c.state == "sent", Place.SENT.value), else_=Place.FAILED.value),
        reason=func.coalesce(outbox.c.code, ""), rung=outbox.c.rung, changed=func.coalesce(outbox.c.done, _now),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Live:
    id: int
    state: State
    kind: Kind


def live(db: Database) -> list[Live]:
    """What is being prepared or sent, or was stopped while some were on their way; 应急 ones first."""
    with db.reading() as conn:
        tx = Transaction(conn.connection.cursor(), db.dialect)
        return [Live(number, State(state), Kind(kind)) for number, state, kind in tx.rows(_LIVE)]


def step(db: Database, turns: Turns, policy: Policy, now: datetime, fed: Callable[[], None] = lambda: None) -> bool:
    """One step of each that is on; whether there is more to do at once. `fed` is called when the outbox got work."""
    more = False
    for one in live(db):
        match one.state:
            case State.PREPARING:
                if not prepare(db, one.id, policy, now):
                    _end(turns, partial(_frozen, one.id, policy, now), now)
                more = True
            case State.SENDING:
                more |= _send(db, turns, one, policy, now, fed)
            case _:
                with written(db) as tx:
                    tx.write(_SETTLED, announcement=one.id, now=now)
    return more


def prepare(db: Database, announcement: int, policy: Policy, now: datetime) -> bool:
    """Freeze the next slice of the audience; whether there is another. Nobody is taken twice, also after a crash."""
    with looking(db, now) as read:
        one = read.announcement(announcement)
    if one is None:
        return False
    with written(db) as tx:
        held = tx.one(_HELD, announcement=announcement, state=State.PREPARING.value)
        if held is None:
            return False
        after = int(held[1])
        (upto,) = tx.one(audience.NEXT_SLICE, after=after, size=SLICE)
        if upto is None:
            return False
        tx.write(
            audience.FREEZE, **audience.binds(one.audience), announcement=announcement,
            after=after, upto=upto, now=now, midnight=audience.midnight(now), most=policy.announcement_day_most,
            news=int(one.kind is Kind.NEWS),
        )  # fmt: skip
        tx.write(_UPTO, announcement=announcement, upto=upto)
    return True


def _send(
    db: Database, turns: Turns, one: Live, policy: Policy, now: datetime, fed: Callable[[], None]
) -> bool:  # fmt: skip
    urgent = one.kind is Kind.EMERGENCY
    held = not urgent and quiet(now, policy)
    waiting, queued, added = feed(db, one.id, now, urgent=urgent, hold=held)
    if added:
        fed()
    if not (waiting or queued):
        _end(turns, partial(_finished, one.id, policy, now), now)
        return False
    return bool(waiting) and not held


def feed(
    db: Database, announcement: int, now: datetime, *, urgent: bool = False, hold: bool = False
) -> tuple[int, int, int]:
    """Take back what was sent, put the next ones into the outbox: (still waiting, in the outbox, put there now)."""
    ahead = AHEAD_URGENT if urgent else AHEAD
    rank = Rank.REPLY if urgent else Rank.BULK
    with written(db) as tx:
        if tx.one(_HELD, announcement=announcement, state=State.SENDING.value) is None:
            return (1, 0, 0)  # another process has it in hand, or it was stopped
        tx.write(_SETTLED, announcement=announcement, now=now)
        queued = int(tx.one(_QUEUED, announcement=announcement)[0])
        if (
            hold and queued
        ):  # the night has begun: what was not taken yet waits here, not among the pushes that are late
            for back in (WITHDRAWN, BACK):
                tx.write(back, announcement=announcement, now=now)
        people: list[int] = []
        if not hold and queued <= ahead // 2:
            people = [row[0] for row in tx.rows(_NEXT, announcement=announcement, limit=ahead - queued)]
        if people:
            pairs = orjson.dumps([(person, new_id()) for person in people]).decode()
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


def _end(turns: Turns, work: Callable[[Read], Outcome], now: datetime) -> None:
    turns.run(work, now, "broadcast").result(30)


def _frozen(announcement: int, policy: Policy, now: datetime, read: Read) -> Outcome:
    """Everybody was looked at: it begins, or more people than one may decide for are meant."""
    one = read.announcement(announcement)
    if one is None:
        return Outcome()
    people = sum(read.recipients_in(announcement).values())
    outgrown = people > policy.announcement_second_above and not one.second
    facts = by_clock(Act.OUTGROW if outgrown else Act.FREEZE, one, people)
    return after.settled(Outcome(facts=facts), 0, now, policy, read)


def _finished(announcement: int, policy: Policy, now: datetime, read: Read) -> Outcome:
    one = read.announcement(announcement)
    facts = by_clock(Act.FINISH, one) if one else ()
    return after.settled(Outcome(facts=facts), 0, now, policy, read)
