"""Acts of whoever handles a ticket: take it, be there, report it done, answer the reporter."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets import said, texts
from handlers.tickets.doing import Doing, Missing
from handlers.tickets.facts import (
    TicketAccepted,
    TicketClosed,
    TicketDispatched,
    TicketSolved,
    TicketVisited,
    TimersCleared,
    TimerSet,
)  # fmt: skip
from handlers.tickets.facts_chain import TicketSubmitted
from handlers.tickets.reach import COMMUNITY
from handlers.tickets.rules import Status, Who
from handlers.types import Fact, Media, Outcome, Reply

LADDER = ("remind", "deputy", "grid", "community", "street")
PROACTIVE = "主动治理"


def taken(it: Doing) -> tuple[Fact, ...]:
    """Whoever acts on a ticket owns it from then on (首接负责); its unit and level stay."""
    if it.ticket.owner == it.who.id:
        return ()
    tier = COMMUNITY if Who.DESK in it.parts and it.ticket.tier < COMMUNITY else -1
    status, unit = Status.TO_ACCEPT, it.ticket.unit
    return (TicketDispatched(it.ticket.id, it.who.id, it.who.id, "taken", status, unit=unit, tier=tier),)


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


def may_solve(it: Doing) -> None:
    """Where the category asks for it a photo comes along, of this message or before. Raises Missing."""
    if not it.args.words:
        return  # asked for first
    if it.read.category(it.ticket.category).photo and not it.args.media:
        raise Missing(said.NEEDS_PHOTO, "media")


def solve(it: Doing) -> Outcome:
    """办结 needs words; what somebody else has to look at first goes to 核查, the rest to the reporters."""
    may_solve(it)
    first: tuple[Fact, ...] = (*taken(it), TimersCleared(it.ticket.id, (*LADDER, "overdue", "review")))
    if it.read.category(it.ticket.category).verify:
        facts = (*first, TicketSubmitted(it.ticket.id, it.who.id, it.args.words, it.args.media))
        return Outcome(replies=(Reply(said.SUBMITTED.format(short=it.ticket.short)),), facts=facts)
    facts = (*first, *asked_of_all(it, it.args.words, it.who.id, it.args.media))
    if it.ticket.kind == PROACTIVE:
        return Outcome(replies=(Reply(said.PROACTIVE_DONE.format(short=it.ticket.short)),), facts=facts)
    photo = "" if it.args.media else said.PHOTOS_MAY_FOLLOW
    return Outcome(replies=(Reply(said.SOLVED.format(short=it.ticket.short) + photo),), facts=facts)


def asked_of_all(it: Doing, words: str, by: int, media: tuple[Media, ...] = ()) -> tuple[Fact, ...]:
    """The result for the ticket and for each that follows it: every reporter is answered and asked on their own."""
    rating_by = it.now + timedelta(days=it.policy.rating_silence_days)
    facts: tuple[Fact, ...] = ()
    for one in (it.ticket, *it.read.merged(it.ticket.id)):
        if one.id != it.ticket.id and one.status is not Status.MERGED:
            continue
        facts += (TicketSolved(one.id, by, words, media),)
        if one.kind == PROACTIVE:
            facts += (TicketClosed(one.id, "proactive"),)  # nobody reported it: nobody is asked
        else:
            facts += (TimerSet(one.id, "rating", rating_by),)
    return facts
