"""What becomes of an outgoing leader's tasks. Which of them pass on is handlers/grids' rule; how, is here."""

from __future__ import annotations

from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets.acts_work import LADDER
from handlers.tickets.facts import TicketDispatched, TimersCleared, TimerSet
from handlers.tickets.opening import ladder, promised
from handlers.tickets.reach import COMMUNITY, complained_of
from handlers.tickets.rules import Status
from handlers.types import Fact


def pass_on(ticket: Ticket, to: int, by: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """To whoever comes, else to the desk: a new accept limit and ladder; the promise to the resident stays.

    Who is complained of never gets the complaint (domain.md §2.8).
    """
    person = read.person(to) if to else None
    if person is not None and complained_of(person, ticket):
        to = 0
    accept_by = promised(read, ticket, now).accept_by
    status = Status.TO_ACCEPT if to or ticket.unit else Status.TO_DISPATCH
    tier = -1 if to or ticket.unit else COMMUNITY
    sent = TicketDispatched(
        ticket.id, to, by, "succession", status, ticket.designated, accept_by, "", ticket.unit, tier
    )
    if to or ticket.unit:
        steps = ladder(ticket.id, ticket.level, now, policy, read.calendar(ticket.community))
    else:
        steps = (TimerSet(ticket.id, "remind", accept_by),)
    return (sent, TimersCleared(ticket.id, LADDER), *steps)
