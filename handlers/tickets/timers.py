"""What the clock does to a ticket: the silent owner's ladder, overdue, the unrated end. Pure, one timer at a time."""

from __future__ import annotations

from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets.clock_facts import RungReached
from handlers.tickets.facts import OwnerReminded, TicketClosed, TicketDispatched, TimersCleared
from handlers.tickets.ladder import reached
from handlers.tickets.opening import promised
from handlers.tickets.rules import OPEN, Status
from handlers.types import Fact


def step(kind: str, ticket: Ticket, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due timer; none when the ticket has moved on since. Raises ValueError for an unknown kind."""
    match kind:
        case "remind":
            return _remind(ticket)
        case "deputy":
            return _deputy(ticket, now, read)
        case "community":
            return _community(ticket, now, read)
        case "overdue":
            return _ladder(ticket, now, read)
        case "rating":
            return _silence(ticket)
        case _:
            raise ValueError(f"no timer is called {kind!r}")


def _remind(ticket: Ticket) -> tuple[Fact, ...]:
    if ticket.status not in (Status.TO_ACCEPT, Status.TO_DISPATCH, Status.WAITING):
        return ()
    return (OwnerReminded(ticket.id, "remind", ticket.owner),)


def _deputy(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """Not accepted in time: the deputy gets it. Without a deputy the community's step follows."""
    if ticket.status is not Status.TO_ACCEPT or not ticket.micro_grid:
        return ()
    deputy = read.duty_of(ticket.micro_grid).deputy
    if not deputy or deputy == ticket.owner or ticket.designated:
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        OwnerReminded(ticket.id, "deputy", ticket.owner),
        TicketDispatched(ticket.id, deputy, 0, "deputy", Status.TO_ACCEPT, accept_by=accept_by),
    )


def _community(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    if ticket.status is not Status.TO_ACCEPT:
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        OwnerReminded(ticket.id, "community", ticket.owner),
        TicketDispatched(ticket.id, 0, 0, "community", Status.TO_DISPATCH, accept_by=accept_by),
        TimersCleared(ticket.id, ("remind", "deputy")),
    )


def _ladder(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The rungs of the whole-order clock whose moment has come, each recorded once; the next one's timer follows."""
    if ticket.status not in OPEN:
        return ()
    rungs = reached(read.clock_events(ticket.id), read.calendar(ticket.community), now)
    return tuple(RungReached(ticket.id, rung, ticket.owner, rung != rungs[-1]) for rung in rungs)


def _silence(ticket: Ticket) -> tuple[Fact, ...]:
    """No answer for the policy's days: 已办结, 未评价 — never 满意 (domain.md §2.2 S7)."""
    if ticket.status is not Status.TO_RATE:
        return ()
    return (TicketClosed(ticket.id, "answered" if ticket.solved_answer else "unrated"),)
