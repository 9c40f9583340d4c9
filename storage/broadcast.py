"""Brings announcements to their recipients: freezes the audience, feeds the outbox, takes back what became of it.

Set-based: a step is one transaction of a few statements, whatever number of people it moves. Several processes
may step at once; each announcement is in the hands of one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import (
    BindParameter,
    bindparam,
    case,
    exists,
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
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage import audience, feeding
from storage.announcements import LEFT_OPEN
from storage.engine import Database
from storage.looking import looking
from storage.schema import announcements, recipients
from storage.sql import Prepared
from storage.transaction import Transaction, written
from storage.turns import Turns

SLICE = 5_000  # people looked at in one transaction while preparing: short enough for the turns beside it

_a, _r = announcements.c, recipients.c
_id: BindParameter[int] = bindparam("announcement")
_under_way = exists().where(_r.announcement == _a.id, _r.state == Place.QUEUED.value)
_LIVE = Prepared(
    select(_a.id, _a.state, _a.kind)
    .where(
        literal_column("state IN ('preparing', 'sending', 'paused', 'cancelled')"),
        or_(_a.state.in_([literal(State.PREPARING.value), literal(State.SENDING.value)]), _under_way),
    )
    .order_by(case((_a.kind == Kind.EMERGENCY.value, 0), else_=1), _a.id)
)
_UPTO = Prepared(update(announcements).where(_a.id == _id).values(upto=bindparam("upto")))


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
            case stopped:
                with written(db) as tx:
                    if stopped is State.CANCELLED:
                        tx.write(LEFT_OPEN, announcement=one.id, now=now)  # what a dead sender had in hand comes late
                    tx.write(feeding.SETTLED, announcement=one.id, now=now)
    return more


def prepare(db: Database, announcement: int, policy: Policy, now: datetime) -> bool:
    """Freeze the next slice of the audience; whether there is another. Nobody is taken twice, also after a crash."""
    with looking(db, now) as read:
        one = read.announcement(announcement)
    if one is None:
        return False
    with written(db) as tx:
        held = tx.one(feeding.HELD, announcement=announcement, state=State.PREPARING.value)
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
    waiting, queued, added = feeding.feed(db, one.id, now, urgent=urgent, hold=held)
    if added:
        fed()
    if not (waiting or queued):
        _end(turns, partial(_finished, one.id, policy, now), now)
        return False
    return bool(waiting) and not held


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
