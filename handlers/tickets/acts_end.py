"""Acts by which a ticket ends elsewhere: 并案, 不予受理, 终止, 转专线, and the ways back (domain.md §2.2 X1–X4)."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets import said
from handlers.tickets.acts_work import LADDER
from handlers.tickets.doing import Doing
from handlers.tickets.facts import TimersCleared, TimerSet
from handlers.tickets.facts_chain import (
    EndAsked,
    LineCalled,
    StateMoved,
    TicketAppealed,
    TicketMerged,
    TicketRejected,
    TicketUnmerged,
)  # fmt: skip
from handlers.tickets.rules import OPEN, ROUTES, Action, Status, move
from handlers.types import Fact, Outcome, Reply

EVERY_TIMER = (*LADDER, "street", "overdue", "rating", "review", "arrive")
LINES = {"110": "公安", "119": "消防", "120": "急救", "122": "交通事故", "12110": "短信报警", "96110": "反诈"}
ENDED = "ended"


def merge(it: Doing) -> Outcome:
    """并到 another: one is handled, each reporter keeps number, answer and rating (§2.3)."""
    ticket, main = it.ticket, it.read.ticket(it.args.into)
    if main is not None and main.merged_into and main.status is Status.MERGED:
        main = it.read.ticket(main.merged_into)  # to the main one, never in a chain
    if main is None or main.id == ticket.id:
        raise it.no(said.MERGE_INTO_WHAT, "unknown")
    if main.community != ticket.community or main.status not in OPEN:
        raise it.no(said.MERGE_CANNOT.format(short=main.short, status=main.status))
    if main.reporter == 0 or ticket.reporter == 0:
        raise it.no(said.MERGE_CANNOT.format(short=main.short, status=main.kind))
    facts: tuple[Fact, ...] = ()
    for one in (ticket, *it.read.merged(ticket.id)):
        if one.id == ticket.id or one.status is Status.MERGED:
            facts += (TicketMerged(one.id, it.who.id, main.id), TimersCleared(one.id, EVERY_TIMER))
    text = said.MERGED.format(short=ticket.short, main=main.short)
    return Outcome(replies=(Reply(text),), facts=facts)


def unmerge(it: Doing) -> Outcome:
    """拆案: it is handled on its own again."""
    ticket = it.ticket
    fact = TicketUnmerged(ticket.id, it.who.id, ticket.merged_into)
    facts: tuple[Fact, ...] = (fact,)
    if ticket.due:
        facts += (TimerSet(ticket.id, "overdue", ticket.due),)
    return Outcome(replies=(Reply(said.UNMERGED.format(short=ticket.short)),), facts=facts)


def reject(it: Doing) -> Outcome:
    """不予受理 with the reason and the right route; those merged into it are answered each."""
    if it.args.route not in ROUTES:
        raise it.no(said.ROUTE_UNKNOWN.format(routes="、".join(why for why, _ in ROUTES.values())))
    text = said.REJECTED.format(short=it.ticket.short, route=ROUTES[it.args.route][1])
    return Outcome(replies=(Reply(text),), facts=_ended(it, it.args.route))


def ask_end(it: Doing) -> Outcome:
    """申请终止, in writing, to the desk."""
    fact = EndAsked(it.ticket.id, it.who.id, it.args.words)
    return Outcome(replies=(Reply(said.END_ASKED.format(short=it.ticket.short)),), facts=(fact,))


def end(it: Doing) -> Outcome:
    """终止办理: it turned out not to be acceptable, or the reporter does not cooperate; explained to them."""
    if it.ticket.owner == it.who.id:
        raise it.no(said.OWN_REQUEST, "role")
    return Outcome(replies=(Reply(said.TERMINATED.format(short=it.ticket.short)),), facts=_ended(it, ENDED))


def _ended(it: Doing, route: str) -> tuple[Fact, ...]:
    facts: tuple[Fact, ...] = ()
    for one in (it.ticket, *it.read.merged(it.ticket.id)):
        if one.id == it.ticket.id or one.status is Status.MERGED:
            facts += (TicketRejected(one.id, it.who.id, route, it.args.words), TimersCleared(one.id, EVERY_TIMER))
    return facts


def appeal(it: Doing) -> Outcome:
    """新情况: looked at again."""
    facts: tuple[Fact, ...] = (TicketAppealed(it.ticket.id, it.who.id, it.args.words),)
    if it.ticket.due and it.ticket.due > it.now:
        facts += (TimerSet(it.ticket.id, "overdue", it.ticket.due),)
    return Outcome(replies=(Reply(said.APPEALED.format(short=it.ticket.short)),), facts=facts)


def hotline(it: Doing) -> Outcome:
    """转紧急专线: never queued; the follow-up runs in parallel (§2.2 X4)."""
    if it.args.line not in LINES:
        raise it.no(said.LINE_UNKNOWN.format(lines="、".join(LINES)))
    back = it.now + timedelta(minutes=it.policy.line_follow_minutes)
    facts = (
        LineCalled(it.ticket.id, it.who.id, it.args.line),
        TimersCleared(it.ticket.id, LADDER),
        TimerSet(it.ticket.id, "follow", back),
    )
    return Outcome(replies=(Reply(said.LINED.format(short=it.ticket.short, line=it.args.line)),), facts=facts)


def moved(it: Doing) -> Outcome:
    """A move that is nothing but the new state: taken in, followed up."""
    status = move(it.ticket.status, it.action)
    facts: tuple[Fact, ...] = (StateMoved(it.ticket.id, it.who.id, it.action.name, status),)
    if it.action is Action.FOLLOW_UP:
        facts += (TimersCleared(it.ticket.id, ("follow",)),)
    return Outcome(replies=(Reply(said.MOVED.format(short=it.ticket.short, status=status)),), facts=facts)
