"""What the clock does to a ticket: the silent hand's ladder, overdue, review dates, the unrated end. Pure."""

from __future__ import annotations

from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets.acts_reporter import closed
from handlers.tickets.acts_street import not_there
from handlers.tickets.acts_wait import over
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.clock_facts import RungReached
from handlers.tickets.facts import OwnerReminded, TicketDispatched, TimersCleared, TimerSet
from handlers.tickets.facts_chain import StateMoved, TicketResumed
from handlers.tickets.ladder import reached
from handlers.tickets.opening import accept_step, promised
from handlers.tickets.reach import COMMUNITY, STREET, kept_at_desk
from handlers.tickets.rules import OPEN, Status
from handlers.tickets.takeover import silent
from handlers.types import Fact, Role

_UNTAKEN = (Status.TO_ACCEPT, Status.TO_DISPATCH, Status.WAITING, Status.ESCALATED)


def step(kind: str, ticket: Ticket, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due timer; none when the ticket has moved on since. Raises ValueError for an unknown kind."""
    match kind:
        case "remind":
            return (OwnerReminded(ticket.id, "remind", ticket.owner),) if ticket.status in _UNTAKEN else ()
        case "deputy":
            return _deputy(ticket, now, read)
        case "grid":
            return _grid(ticket, now, read)
        case "community":
            return _community(ticket, now, policy, read)
        case "street":
            return _street(ticket, now, read)
        case "overdue":
            return _ladder(ticket, now, read)
        case "arrive":
            return not_there(ticket, now, read)
        case "review":
            return (TicketResumed(ticket.id, 0),) if ticket.status is Status.HUNG else ()
        case "follow":
            return _follow(ticket, now, read)
        case "waiting":
            waits = ticket.status in OPEN and ticket.due is None
            return over(ticket.id, read.clock_events(ticket.id), policy.contacts_max) if waits else ()
        case "takeover":
            return silent(ticket, now, read)
        case "rating":
            return _silence(ticket, now, policy)
        case "archive":
            done = ticket.status is Status.DONE
            return (StateMoved(ticket.id, 0, "ARCHIVE", Status.ARCHIVED),) if done else ()
        case _:
            raise ValueError(f"no timer is called {kind!r}")


def _deputy(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """Not accepted in time: the deputy gets it; of a unit its head is told. Without either the next step follows."""
    if ticket.status is not Status.TO_ACCEPT or ticket.designated:
        return ()
    if ticket.unit and not ticket.owner:
        return (OwnerReminded(ticket.id, "head", ticket.owner),)
    deputy = read.duty_of(ticket.micro_grid).deputy if ticket.micro_grid else 0
    if not deputy or deputy == ticket.owner or _away(deputy, now, read):
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        OwnerReminded(ticket.id, "deputy", ticket.owner),
        TicketDispatched(ticket.id, deputy, 0, "deputy", Status.TO_ACCEPT, accept_by=accept_by),
    )


def _grid(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The grid's own worker, where there is one; a complaint or a danger does not stop at the grid."""
    if (
        ticket.status is not Status.TO_ACCEPT
        or (ticket.unit and not ticket.owner)
        or ticket.tier != 0
        or kept_at_desk(ticket)
    ):
        return ()
    there = [p for p in read.holders(Role.GRID, read.grid_of(ticket.micro_grid)) if not _away(p.id, now, read)]
    if ticket.level in ("T0", "T1") or not there:
        return ()
    return (OwnerReminded(ticket.id, "grid", ticket.owner),)


def _away(person: int, now: datetime, read: Read) -> bool:
    """On leave today: the step passes them by."""
    return read.away(person, now.astimezone(SHANGHAI).date())


def _community(ticket: Ticket, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    if ticket.status is not Status.TO_ACCEPT or ticket.tier >= STREET:
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        OwnerReminded(ticket.id, "community", ticket.owner),
        TicketDispatched(ticket.id, 0, 0, "community", Status.TO_DISPATCH, accept_by=accept_by, tier=COMMUNITY),
        TimersCleared(ticket.id, ("remind", "deputy", "grid")),
        TimerSet(ticket.id, "street", accept_step(policy.accept_street, ticket.level, now, policy, read, ticket)),
    )


def _street(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The community did not arrange it either: the street's command room gets it."""
    waits = ticket.status in _UNTAKEN and ticket.owner == 0 and not ticket.unit
    if not waits or ticket.tier >= STREET or not read.street_of(ticket.community):
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        OwnerReminded(ticket.id, "command", ticket.owner),
        TicketDispatched(ticket.id, 0, 0, "street", Status.ESCALATED, accept_by=accept_by, tier=STREET),
    )


def _ladder(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """The rungs of the whole-order clock whose moment has come, each recorded once; the next one's timer follows."""
    if ticket.status not in OPEN:
        return ()
    rungs = reached(read.clock_events(ticket.id), read.calendar(ticket.community), now)
    return tuple(RungReached(ticket.id, rung, ticket.owner, rung != rungs[-1]) for rung in rungs)


def _follow(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """After 转紧急专线 the follow-up is the community's (§2.2 X4)."""
    if ticket.status is not Status.HOTLINE:
        return ()
    accept_by = promised(read, ticket, now).accept_by
    return (
        StateMoved(ticket.id, 0, "FOLLOW_UP", Status.TO_DISPATCH),
        TimerSet(ticket.id, "remind", accept_by),
    )


def _silence(ticket: Ticket, now: datetime, policy: Policy) -> tuple[Fact, ...]:
    """No answer for the policy's days: 已办结, 未评价 — never 满意 (domain.md §2.2 S7)."""
    if ticket.status is not Status.TO_RATE:
        return ()
    return closed(ticket.id, "answered" if ticket.solved_answer else "unrated", now, policy)
