"""联系不上: the reporter was asked and could not be reached; the clock waits for them, not without end (§2.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.tickets import said, texts
from handlers.tickets.acts_hang import REVIEW
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.clock_facts import ContactFailed, WaitingEnded
from handlers.tickets.clocks import Event, Kind
from handlers.tickets.doing import Doing
from handlers.tickets.facts_chain import TicketHung
from handlers.tickets.rules import Status
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Outcome, Reply

UNREACHED = "联系不上"  # why it is 挂账
WAITING = "waiting"  # the timer after which the clock goes on


def tries(events: Iterable[Event]) -> tuple[datetime, ...]:
    """When the reporter was tried in vain since they last wrote."""
    found: list[datetime] = []
    for event in events:
        if event.kind is Kind.SPOKE:
            found.clear()
        elif event.kind is Kind.WAIT:
            found.append(datetime.fromtimestamp(event.at, SHANGHAI))
    return tuple(found)


def may_wait(it: Doing) -> None:
    """At most three tries, on two days at least (the policy's numbers). Raises Refused."""
    before, most, days = tries(it.read.clock_events(it.ticket.id)), it.policy.contacts_max, it.policy.contact_days
    if len(before) >= most:
        raise it.no(said.TRIED_ENOUGH.format(short=it.ticket.short, most=most))
    seen = {at.date() for at in before}
    last = len(before) == most - 1
    if last and len(seen | {it.now.astimezone(SHANGHAI).date()}) < days:
        raise it.no(said.TRY_TOMORROW.format(short=it.ticket.short))


def no_answer(it: Doing) -> Outcome:
    """The clock waits for the policy's hours; after the last try it is 挂账「联系不上」 with a review date."""
    count = len(tries(it.read.clock_events(it.ticket.id))) + 1
    hung = count >= it.policy.contacts_max and it.ticket.status is Status.IN_HAND
    facts: tuple[Fact, ...] = (ContactFailed(it.ticket.id, it.who.id, it.args.words, count, hung),)
    if count < it.policy.contacts_max:
        until = it.now + timedelta(hours=it.policy.contact_wait_hours)
        facts += (TimerSet(it.ticket.id, WAITING, until),)
        text = said.WAITS.format(short=it.ticket.short, count=count, until=texts.when(until, it.now))
    elif hung:
        until = it.now + timedelta(days=it.policy.contact_review_days)
        facts += (
            TicketHung(it.ticket.id, 0, until, UNREACHED),
            TimersCleared(it.ticket.id, ("overdue", WAITING)),
            TimerSet(it.ticket.id, REVIEW, until),
        )
        text = said.HUNG_UNREACHED.format(short=it.ticket.short, count=count, until=texts.when(until, it.now))
    else:  # an extension is being decided: the desk has it before it anyway
        text = said.WAITS_FOR_DESK.format(short=it.ticket.short, count=count)
    return Outcome(replies=(Reply(text),), facts=facts)


def over(ticket: int, events: Iterable[Event], most: int) -> tuple[Fact, ...]:
    """The waiting's time is up: the clock goes on, unless the reporter wrote or the last try was made meanwhile."""
    found = tries(events)
    return (WaitingEnded(ticket),) if found and len(found) < most else ()
