"""Acts of whoever handles a ticket: take it, be there, report it done, answer the reporter."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets import said, texts
from handlers.tickets.doing import Doing
from handlers.tickets.facts import (
    DeskReplied,
    TicketAccepted,
    TicketDispatched,
    TicketSolved,
    TicketVisited,
    TimersCleared,
    TimerSet,
)  # fmt: skip
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome, Reply

LADDER = ("remind", "deputy", "community")


def taken(it: Doing) -> tuple[Fact, ...]:
    """Whoever acts on a ticket owns it from then on (首接负责)."""
    if it.ticket.owner == it.who.id:
        return ()
    return (TicketDispatched(it.ticket.id, it.who.id, it.who.id, "taken", Status.TO_ACCEPT),)


def accept(it: Doing) -> Outcome:
    found = it.ticket
    facts = (*taken(it), TicketAccepted(found.id, it.who.id), TimersCleared(found.id, LADDER))
    return Outcome(replies=(Reply(said.accepted(found.short, texts.when(found.due, it.now))),), facts=facts)


def visit(it: Doing) -> Outcome:
    facts = (
        *taken(it),
        TicketVisited(it.ticket.id, it.who.id, it.args.words),
        TimersCleared(it.ticket.id, LADDER),
    )
    return Outcome(replies=(Reply(said.VISITED.format(short=it.ticket.short)),), facts=facts)


def solve(it: Doing) -> Outcome:
    """办结 needs words; photos come along."""
    rating_by = it.now + timedelta(days=it.policy.rating_silence_days)
    facts = (
        *taken(it),
        TicketSolved(it.ticket.id, it.who.id, it.args.words, it.args.media),
        TimersCleared(it.ticket.id, (*LADDER, "overdue")),
        TimerSet(it.ticket.id, "rating", rating_by),
    )
    photo = "" if it.args.media else said.PHOTOS_MAY_FOLLOW
    return Outcome(replies=(Reply(said.SOLVED.format(short=it.ticket.short) + photo),), facts=facts)


def reply(it: Doing) -> Outcome:
    """回复 the reporter in the community's words; a question stays open until 办结."""
    fact = DeskReplied(it.ticket.id, it.who.id, it.args.words)
    return Outcome(replies=(Reply(said.REPLIED.format(short=it.ticket.short)),), facts=(fact,))
