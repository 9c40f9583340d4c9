"""Applies what is taken back: a wrong 办结, a leave. Nothing is forgotten: the facts log keeps both."""

from __future__ import annotations

from typing import assert_never

from sqlalchemy import bindparam, delete, update

from handlers.tickets.facts_undo import LeaveEnded, SolveTakenBack, UndoFact
from storage.pen import Pen
from storage.schema import leaves
from storage.sql import Prepared
from storage.ticket_pen import Change, given, note

_TAKEN_BACK = Change(solved=None, result="", hung_until=None, **given("status"))
_mine = leaves.c.person == bindparam("whose")
_AHEAD = Prepared(delete(leaves).where(_mine, leaves.c.first >= bindparam("day")))
_SHORTER = Prepared(
    update(leaves)
    .where(_mine, leaves.c.first < bindparam("day"), leaves.c.last >= bindparam("day"))
    .values(last=bindparam("before"))
)


def apply(fact: UndoFact, pen: Pen) -> None:
    match fact:
        case SolveTakenBack(ticket, by, status, _, words):
            _TAKEN_BACK.write(pen, ticket, status=status)
            note(pen, fact, ticket, by, words)
        case LeaveEnded(person, day):
            before = day.fromordinal(day.toordinal() - 1)
            pen.tx.write(_AHEAD, whose=person, day=day.isoformat())
            pen.tx.write(_SHORTER, whose=person, day=day.isoformat(), before=before.isoformat())
        case _:
            assert_never(fact)
