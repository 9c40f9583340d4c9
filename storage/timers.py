"""Due timers, each fired once in a transaction of its own; what a timer means is the core's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import bindparam, delete, exists, select, tuple_, update

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage.columns import Utc
from storage.engine import Database
from storage.read import Reader
from storage.schema import timers
from storage.sql import Prepared
from storage.turns import Done, QueueFull, Turns

_log = logging.getLogger(__name__)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)

_one = (timers.c.ticket == bindparam("ticket"), timers.c.kind == bindparam("kind"))
_TAKEN = Prepared(
    select(timers.c.ticket)
    .where(*_one, timers.c.due <= bindparam("now", type_=Utc()))
    .with_for_update(skip_locked=True)
)
_GONE = Prepared(delete(timers).where(*_one))

_ORDER = (timers.c.due, timers.c.ticket, timers.c.kind)
Fire = Callable[
    [str, int, datetime, Policy, Read], Outcome
]  # (kind, subject, …): the subject is a ticket, an activity …


def due(db: Database, now: datetime, limit: int) -> list[tuple[int, str]]:
    """(ticket, kind) of timers that are due, the oldest first; of one ticket only its earliest.

    The steps of a ticket's ladder come one after the other, whoever is firing: a later one waits for the next look.
    """
    before = timers.alias("before")
    earlier = tuple_(before.c.due, before.c.kind) < tuple_(timers.c.due, timers.c.kind)
    wanted = select(timers.c.ticket, timers.c.kind).where(
        timers.c.due <= now, ~exists().where(before.c.ticket == timers.c.ticket, earlier)
    )
    with db.reading() as conn:
        return [(row.ticket, row.kind) for row in conn.execute(wanted.order_by(*_ORDER).limit(limit))]


def take(read: Read, ticket: int, kind: str, now: datetime) -> bool:
    """Delete a due timer inside a turn; False when it is gone, moved, or another process has it in hand."""
    tx = cast(Reader, read).tx
    if tx.one(_TAKEN, ticket=ticket, kind=kind, now=now) is None:
        return False
    tx.write(_GONE, ticket=ticket, kind=kind)
    return True


def fire_due(db: Database, turns: Turns, fire: Fire, policy: Policy, now: datetime, limit: int) -> int:
    """Fire what is due, most overdue first; returns how many were done.

    One that raises is logged with its ticket, counted, and tried again after 30 s, doubling up to an hour.
    """
    started: list[tuple[int, str, Future[Done]]] = []
    for ticket, kind in due(db, now, limit):
        try:
            started.append((ticket, kind, turns.run(_work(ticket, kind, fire, policy, now), now, "timer")))
        except QueueFull:
            break  # the next tick goes on
    done = 0
    for ticket, kind, future in started:
        try:
            future.result()
            done += 1
        except Exception:  # noqa: BLE001 - one bad timer must not hold up the others
            _log.exception("timer %s of ticket %s failed", kind, ticket)
            _later(db, ticket, kind, now)
    return done


def _work(ticket: int, kind: str, fire: Fire, policy: Policy, now: datetime) -> Callable[[Read], Outcome]:
    def work(read: Read) -> Outcome:
        if not take(read, ticket, kind, now):
            return Outcome()
        return fire(kind, ticket, now, policy, read)

    return work


def _later(db: Database, ticket: int, kind: str, now: datetime) -> None:
    mine = (timers.c.ticket == ticket, timers.c.kind == kind)
    with db.writing() as conn:
        attempts = conn.execute(select(timers.c.attempts).where(*mine)).scalar()
        if attempts is not None:
            wait = min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
            conn.execute(update(timers).where(*mine).values(attempts=attempts + 1, due=now + wait))
