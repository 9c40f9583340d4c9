"""Acts of the reporter: verdict, rating, urging, adding, withdrawing. Silence is never satisfaction."""

from __future__ import annotations

from datetime import timedelta

from handlers.tickets import said, texts
from handlers.tickets.acts_work import LADDER
from handlers.tickets.doing import Doing
from handlers.tickets.facts import (
    NameHidden,
    SolvedAnswered,
    TicketClosed,
    TicketRated,
    TicketReopened,
    TicketUrged,
    TicketWithdrawn,
    TimersCleared,
    WordsAdded,
)  # fmt: skip
from handlers.tickets.opening import promised as promised_to
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome, Reply

SAFETY = ("07", "0303", "0305", "0404", "0501", "1002")


def confirm(it: Doing) -> Outcome:
    """解决了: the second question follows."""
    return Outcome(
        replies=(Reply(texts.ASK_RATING, texts.RATINGS),),
        facts=(SolvedAnswered(it.ticket.id, it.who.id, True),),
    )


def may_reopen(it: Doing) -> None:
    """Within the policy's days of the end. Raises Refused."""
    closed = it.ticket.closed or it.ticket.solved
    days = it.policy.reopen_days
    if it.ticket.status is Status.DONE and closed and it.now - closed > timedelta(days=days):
        raise it.no(said.REOPEN_LATE.format(short=it.ticket.short, days=days))


def reopen(it: Doing) -> Outcome:
    """没解决: back to work with the reason and a new promise."""
    promised = promised_to(it.read, it.ticket, it.now)
    facts: tuple[Fact, ...] = (
        SolvedAnswered(it.ticket.id, it.who.id, False, it.args.words),
        TicketReopened(it.ticket.id, it.who.id, promised.accept_by, promised.due),
        TimersCleared(it.ticket.id, ("rating",)),
    )
    text = said.REOPENED.format(short=it.ticket.short, due=texts.when(promised.due, it.now))
    return Outcome(replies=(Reply(text),), facts=facts)


def rate(it: Doing) -> Outcome:
    """满意 基本满意 不满意; 已解决 and rated ends the ticket."""
    ticket, rating = it.ticket, it.args.rating
    if rating not in texts.RATING_WORDS:
        raise it.no(said.RATING_UNKNOWN)
    facts: tuple[Fact, ...] = (TicketRated(ticket.id, it.who.id, rating, it.args.words),)
    if ticket.status is Status.TO_RATE and ticket.solved_answer:
        facts += (TicketClosed(ticket.id, "answered"), TimersCleared(ticket.id, ("rating", "overdue")))
    text = texts.RATED_BAD if rating == "不满意" else texts.RATED
    if ticket.status is Status.TO_RATE and ticket.solved_answer is None:
        # satisfied and solved are two questions: the second is still open
        return Outcome(replies=(Reply(f"{text}\n{said.ASK_SOLVED_TOO}", texts.SOLVED_CHOICES),), facts=facts)
    return Outcome(replies=(Reply(text),), facts=facts)


def urge(it: Doing) -> Outcome:
    """催办, not more often than the policy allows; the words are filed under the same number."""
    ticket = it.ticket
    count, last = it.read.urges(ticket.id, it.now - timedelta(hours=24))
    gap = timedelta(hours=it.policy.urge_gap_hours)
    if last is not None and it.now - last < gap:
        raise it.no(said.URGED_JUST_NOW.format(short=ticket.short, when=texts.when(last + gap, it.now)), "repeat")
    if count >= it.policy.urges_per_day:
        raise it.no(said.URGED_ENOUGH.format(short=ticket.short, count=count), "repeat")
    owner = it.read.person(ticket.owner) if ticket.owner else None
    line = texts.progress(ticket, owner.name if owner else "", it.now, own=ticket.reporter == it.who.id)
    return Outcome(replies=(Reply(f"已经催了。{line}"),), facts=(TicketUrged(ticket.id, it.who.id, it.args.words),))


def add(it: Doing) -> Outcome:
    fact = WordsAdded(it.ticket.id, it.who.id, it.args.words, it.args.media, it.args.pin)
    return Outcome(replies=(Reply(texts.ADDED.format(short=it.ticket.short)),), facts=(fact,))


def withdraw(it: Doing) -> Outcome:
    """撤回. A safety matter stays open as an anonymous duty (domain.md §2.2 X3)."""
    ticket = it.ticket
    kept = ticket.level == "T0" or ticket.category.startswith(SAFETY)
    facts: tuple[Fact, ...] = (TicketWithdrawn(ticket.id, it.who.id, kept),)
    if kept:
        facts += (NameHidden(ticket.id, it.who.id),)
    else:
        facts += (TimersCleared(ticket.id, (*LADDER, "overdue", "rating")),)
    text = texts.WITHDRAWN_KEPT if kept else texts.WITHDRAWN
    return Outcome(replies=(Reply(text.format(short=ticket.short)),), facts=facts)
