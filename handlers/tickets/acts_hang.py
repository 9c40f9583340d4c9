"""Acts of waiting: 挂账 asked, approved by the next level with a review date, ended; more asked of the reporter."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.tickets import said, texts
from handlers.tickets.doing import Doing
from handlers.tickets.facts import TimersCleared, TimerSet
from handlers.tickets.facts_chain import HangAsked, HangRefused, MoreAsked, TicketHung, TicketResumed
from handlers.tickets.reach import STREET
from handlers.tickets.rules import Who
from handlers.types import Outcome, Reply

REVIEW = "review"


def ask_hang(it: Doing) -> Outcome:
    """申请挂账: 需资金 / 表决 / 配件 / 天气, with the date it is looked at again."""
    until = _date(it)
    if it.ticket.hang_asked == until:
        raise it.no(said.HANG_ASKED_ALREADY.format(short=it.ticket.short), "repeat")
    fact = HangAsked(it.ticket.id, it.who.id, until, it.args.words)
    text = said.HANG_ASKED.format(short=it.ticket.short, until=texts.when(until, it.now))
    return Outcome(replies=(Reply(text),), facts=(fact,))


def hang(it: Doing) -> Outcome:
    """By the next level only: the desk for those below it, the street for the desk's own."""
    until = _date(it)
    if it.ticket.owner == it.who.id or (it.ticket.tier < STREET and Who.DESK not in it.parts):
        raise it.no(said.NEXT_LEVEL, "role")
    facts = (
        TicketHung(it.ticket.id, it.who.id, until, it.args.words),
        TimersCleared(it.ticket.id, ("overdue",)),
        TimerSet(it.ticket.id, REVIEW, until),
    )
    text = said.HUNG.format(short=it.ticket.short, until=texts.when(until, it.now))
    return Outcome(replies=(Reply(text),), facts=facts)


def _date(it: Doing) -> datetime:
    """The review date, mandatory and ahead. Raises Refused."""
    until = it.args.until
    assert until is not None
    if until <= it.now:
        raise it.no(said.REVIEW_AHEAD)
    if until > it.now + timedelta(days=it.policy.hang_days_max):
        raise it.no(said.REVIEW_TOO_FAR.format(days=it.policy.hang_days_max))
    return until


def refuse_hang(it: Doing) -> Outcome:
    if it.ticket.hang_asked is None:
        raise it.no(said.NO_HANG_ASKED.format(short=it.ticket.short), "state")
    fact = HangRefused(it.ticket.id, it.who.id, it.args.words)
    return Outcome(replies=(Reply(said.HANG_REFUSED.format(short=it.ticket.short)),), facts=(fact,))


def resume(it: Doing) -> Outcome:
    facts = (TicketResumed(it.ticket.id, it.who.id), TimersCleared(it.ticket.id, (REVIEW,)))
    return Outcome(replies=(Reply(said.RESUMED.format(short=it.ticket.short)),), facts=facts)


def ask_more(it: Doing) -> Outcome:
    """待补充: what is missing is asked of the reporter in the desk's words."""
    fact = MoreAsked(it.ticket.id, it.who.id, it.args.words)
    return Outcome(replies=(Reply(said.MORE_ASKED.format(short=it.ticket.short)),), facts=(fact,))
