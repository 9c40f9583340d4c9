"""Keeps the clocks of a ticket: the events of its facts, the date of the whole order, the next step of the ladder."""

from __future__ import annotations

from typing import assert_never

from sqlalchemy import bindparam, delete, update

from handlers.tickets import clock_events as rules
from handlers.tickets import clock_facts as c
from handlers.tickets.clock_events import FOLLOWED, Known
from handlers.tickets.clocks import Event, Kind, hands
from handlers.tickets.facts import TicketOpened
from handlers.tickets.ladder import next_rung
from handlers.tickets.limits import Clock
from handlers.types import Fact
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import clock_events, notes, tickets, timers
from storage.sql import Prepared
from storage.tickets import TIMER

ClockFact = c.RungReached | c.ContactFailed | c.WaitingEnded | c.DueMoved
_DATE_MOVES = frozenset({Kind.WAIT, Kind.HANG, Kind.RESUME, Kind.SPOKE, Kind.CLASSED, Kind.UNDONE})
_LADDER_MOVES = frozenset({Kind.WAIT, Kind.HANG, Kind.RESUME, Kind.EXTEND, Kind.RUNG, Kind.CLASSED, Kind.UNDONE})
LADDER = "overdue"  # the timer of the ladder
_names = ("ticket", "id", "at", "kind", "clock", "terms", "value")
_EVENT = Prepared(clock_events.insert().values(**{name: bindparam(name) for name in _names}), log=True)
_NOTE = Prepared(
    notes.insert().values(**{n: bindparam(n) for n in ("id", "ticket", "person", "at", "kind", "words")}), log=True
)
_DUE = Prepared(update(tickets).where(tickets.c.id == bindparam("ticket")).values(due=bindparam("due", type_=Utc())))
_NO_LADDER = Prepared(delete(timers).where(timers.c.ticket == bindparam("ticket"), timers.c.kind == LADDER))


def apply(fact: ClockFact, pen: Pen) -> None:
    match fact:
        case c.ContactFailed(ticket, by, words):
            if words:
                note = {"id": pen.new_id(), "ticket": ticket, "person": by, "at": pen.now, "words": words}
                pen.tx.write(_NOTE, **note, kind=type(fact).__name__)
        case c.DueMoved(ticket, due):
            pen.tx.write(_DUE, ticket=ticket, due=due)
            _ladder(pen, ticket, pen.reader.clock_events(ticket))
        case c.RungReached() | c.WaitingEnded():
            pass  # stands in the facts log, and as an event
        case _:
            assert_never(fact)


def follow(fact: Fact, pen: Pen) -> None:
    """After a fact was applied: what it means for the clocks."""
    if type(fact) not in FOLLOWED:
        return
    ticket: int = fact.ticket  # type: ignore[attr-defined]
    if isinstance(fact, TicketOpened):
        known, community, waits = _new(fact), fact.community, False
    else:
        met = pen.reader.met.get(ticket) or pen.reader.ticket(ticket)
        if met is None:
            return
        known = Known(met.level, met.category, met.reporter, met.owner, met.status)
        community, waits = met.community, met.due is None
    happened = rules.of(fact, known, pen.now, pen.reader.limits(community))
    for event in happened:
        write(pen, ticket, event)
    if any(event.kind is Kind.SOLVED for event in happened):
        pen.tx.write(_NO_LADDER, ticket=ticket)
    elif not isinstance(fact, TicketOpened) and _moves(happened, waits):
        held = any(event.kind in _DATE_MOVES for event in happened)
        # what ended while the clock was held has no date: begun anew, it has one again
        held |= waits and any(event.kind is Kind.START and event.clock is Clock.WHOLE for event in happened)
        _move(pen, ticket, community, date=held)


def write(pen: Pen, ticket: int, event: Event) -> None:
    pen.tx.write(
        _EVENT, ticket=ticket, id=pen.new_id(), at=event.at, kind=str(event.kind),
        clock=str(event.clock or ""), terms=event.limit.terms if event.limit else "",
        value=event.value,
    )  # fmt: skip


def _new(fact: TicketOpened) -> Known:
    return Known(fact.level, fact.category, fact.reporter, fact.owner, fact.status)


def _moves(happened: tuple[Event, ...], waits: bool) -> bool:
    """Whether the ladder's next step may be another one now."""
    for event in happened:
        if event.kind in _LADDER_MOVES or (event.kind is Kind.SPOKE and waits):
            return True
        if event.kind is Kind.START and event.clock is Clock.WHOLE:
            return True
    return False


def _move(pen: Pen, ticket: int, community: int, *, date: bool) -> None:
    """`date`: the promise moves too, because the clock was held or goes on; other facts name their own date."""
    events = pen.reader.clock_events(ticket)
    calendar = pen.reader.calendar(community)
    hand = hands(events, calendar).get(Clock.WHOLE)
    if date and hand is not None and (hand.since is not None or hand.paused):
        pen.tx.write(_DUE, ticket=ticket, due=hand.face(int(pen.now.timestamp())).due)
    _ladder(pen, ticket, events)


def _ladder(pen: Pen, ticket: int, events: tuple[Event, ...]) -> None:
    met = pen.reader.met.get(ticket)
    rung = next_rung(events, pen.reader.calendar(met.community if met else 0))
    if rung is None:
        pen.tx.write(_NO_LADDER, ticket=ticket)
    else:
        pen.tx.write(TIMER, ticket=ticket, kind=LADDER, due=rung)
