"""Acts of looking at what was done: 核查 by somebody else, 改分类 with a new dispatch (domain.md §2.2 S5)."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets import said
from handlers.tickets.acts_pass import redispatch
from handlers.tickets.acts_work import asked_of_all
from handlers.tickets.doing import Doing
from handlers.tickets.facts import TimerSet
from handlers.tickets.facts_chain import TicketChecked, TicketReclassed
from handlers.tickets.parties import first_hand
from handlers.types import Fact, Outcome, Reply


def _other(it: Doing) -> None:
    if it.ticket.owner == it.who.id:
        raise it.no(said.CHECK_OTHER, "role")


def passed(it: Doing) -> Outcome:
    """核查通过: the result goes to every reporter in plain words."""
    _other(it)
    facts: tuple[Fact, ...] = (TicketChecked(it.ticket.id, it.who.id, True, it.args.words),)
    facts += asked_of_all(it, it.ticket.result, it.ticket.owner)
    return Outcome(replies=(Reply(said.CHECK_PASSED.format(short=it.ticket.short)),), facts=facts)


def failed(it: Doing) -> Outcome:
    _other(it)
    facts: tuple[Fact, ...] = (TicketChecked(it.ticket.id, it.who.id, False, it.args.words),)
    if it.ticket.due:
        facts += (TimerSet(it.ticket.id, "overdue", max(it.ticket.due, it.now + timedelta(minutes=1))),)
    return Outcome(replies=(Reply(said.CHECK_FAILED.format(short=it.ticket.short)),), facts=facts)


def reclass(it: Doing) -> Outcome:
    """改分类: the new lead gets it; it is never a way to close."""
    category = it.read.category(it.args.category)
    if category.code != it.args.category:
        raise it.no(said.NO_CATEGORY.format(code=it.args.category[:8]), "unknown")
    if category.code == it.ticket.category:
        raise it.no(said.SAME_CATEGORY.format(short=it.ticket.short, name=category.name), "repeat")
    level = it.ticket.level if it.ticket.level in ("T0", "T1") else category.level
    fact = TicketReclassed(it.ticket.id, it.who.id, category.code, level)
    hand = first_hand(category, level, it.ticket.place, it.now, it.read, desk=it.ticket.owner == 0)
    facts = (fact, *redispatch(it, hand.owner, "reclassed", unit=hand.unit, tier=hand.tier))
    text = said.RECLASSED.format(short=it.ticket.short, name=category.name, hand=hand.name)
    return Outcome(replies=(Reply(text),), facts=facts)
