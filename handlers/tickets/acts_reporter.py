"""Acts of the reporter: verdict, rating, urging, adding, withdrawing. Silence is never satisfaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.acts_end import EVERY_TIMER
from handlers.tickets.acts_hang import REVIEW
from handlers.tickets.acts_wait import UNREACHED
from handlers.tickets.doing import Doing, Missing
from handlers.tickets.facts import (
    NameHidden,
    SolvedAnswered,
    TicketClosed,
    TicketDispatched,
    TicketRated,
    TicketReopened,
    TicketUrged,
    TicketWithdrawn,
    TimersCleared,
    TimerSet,
    WordsAdded,
)  # fmt: skip
from handlers.tickets.facts_chain import CallbackSet, StateMoved, TicketResumed
from handlers.tickets.opening import promised
from handlers.tickets.reach import COMMUNITY, WORKING
from handlers.tickets.rules import Action, Status, Who
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
    """没解决: back to work with the reason and a new promise; the desk is told and somebody else calls."""
    answer = SolvedAnswered(it.ticket.id, it.who.id, False, it.args.words)
    due = promised(it.read, it.ticket, it.now).due
    text = said.REOPENED.format(short=it.ticket.short, due=texts.when(due, it.now))
    return Outcome(replies=(Reply(text),), facts=(answer, *_again(it)))


def _again(it: Doing) -> tuple[Fact, ...]:
    again = promised(it.read, it.ticket, it.now)
    return (
        TicketReopened(it.ticket.id, it.who.id, again.accept_by, again.due),
        TimersCleared(it.ticket.id, ("rating", "archive")),
    )


def rate(it: Doing) -> Outcome:
    """满意 基本满意 不满意; 已解决 and rated ends the ticket, except that a bad rating is called back first."""
    ticket, rating = it.ticket, it.args.rating
    if rating not in texts.RATING_WORDS:
        raise it.no(said.RATING_UNKNOWN)
    facts: tuple[Fact, ...] = (TicketRated(ticket.id, it.who.id, rating, it.args.words),)
    text = texts.RATED_BAD if rating == "不满意" else texts.RATED
    if ticket.status is Status.TO_RATE and ticket.solved_answer is None:
        # satisfied and solved are two questions: the second is still open
        return Outcome(replies=(Reply(f"{text}\n{said.ASK_SOLVED_TOO}", texts.SOLVED_CHOICES),), facts=facts)
    if ticket.status is Status.TO_RATE and ticket.solved_answer:
        if rating == "不满意" and ticket.reopened < it.policy.callbacks_max:
            facts += (*_again(it), *_called_back(it))
        else:
            facts += closed(ticket.id, "answered", it.now, it.policy)
    return Outcome(replies=(Reply(text),), facts=facts)


def _called_back(it: Doing) -> tuple[Fact, ...]:
    """To the desk, and by somebody other than the handler, who has no part in it any more."""
    ticket = it.ticket
    accept_by = promised(it.read, ticket, it.now).accept_by
    return (
        CallbackSet(ticket.id, ticket.owner),
        TicketDispatched(ticket.id, 0, 0, "callback", Status.TO_DISPATCH, accept_by=accept_by, tier=COMMUNITY),
        TimerSet(ticket.id, "remind", accept_by),
    )


def closed(ticket: int, how: str, now: datetime, policy: Policy) -> tuple[Fact, ...]:
    """已办结, and 归档 when it can no longer be reopened."""
    return (
        TicketClosed(ticket, how),
        TimersCleared(ticket, ("rating", "overdue")),
        TimerSet(ticket, "archive", now + timedelta(days=policy.reopen_days)),
    )


def urge(it: Doing) -> Outcome:
    """催办, not more often than the policy allows; the words are filed under the same number."""
    ticket = it.ticket
    count, last = it.read.urges(ticket.id, it.now - timedelta(hours=24))
    gap = timedelta(hours=it.policy.urge_gap_hours)
    if last is not None and it.now - last < gap:
        raise it.no(said.URGED_JUST_NOW.format(short=ticket.short, when=texts.when(last + gap, it.now)), "repeat")
    if count >= it.policy.urges_per_day:
        raise it.no(said.URGED_ENOUGH.format(short=ticket.short, count=count), "repeat")
    line = texts.progress(ticket, it.read.name(ticket.owner), it.now, own=ticket.reporter == it.who.id)
    facts: tuple[Fact, ...] = (
        TicketUrged(ticket.id, it.who.id, it.args.words),
        *(_reached(ticket, it.who.id, it.read) if Who.REPORTER in it.parts else ()),
    )
    return Outcome(replies=(Reply(f"已经催了。{line}"),), facts=facts)


def goes_on(ticket: Ticket, reporter: int, read: Read) -> tuple[Fact, ...]:
    """The reporter gave words, a photo or a pin: what waited for them goes on, 待补充 to 待受理."""
    if ticket.status is Status.DRAFT:
        return (StateMoved(ticket.id, reporter, Action.ADD.name, Status.WAITING),)
    return _reached(ticket, reporter, read)


def _reached(ticket: Ticket, reporter: int, read: Read) -> tuple[Fact, ...]:
    """The reporter wrote: what was 挂账 because nobody could reach them goes on."""
    if ticket.status is not Status.HUNG or read.noted(ticket.id, "TicketHung") != UNREACHED:
        return ()
    return (TicketResumed(ticket.id, reporter), TimersCleared(ticket.id, (REVIEW,)))


def add(it: Doing) -> Outcome:
    """补充 by anybody with a part in it; what the desk had asked for brings it back to 待受理."""
    ticket, given = it.ticket, it.args
    if not (given.words or given.media or given.pin):
        raise Missing(said.NEEDED[it.action, "words"], "words")
    working = bool(it.parts & WORKING) and Who.REPORTER not in it.parts
    facts: tuple[Fact, ...] = (WordsAdded(ticket.id, it.who.id, given.words, given.media, given.pin, working),)
    if Who.REPORTER in it.parts:
        facts += goes_on(ticket, it.who.id, it.read)
    text = said.PROGRESS if working else texts.ADDED
    return Outcome(replies=(Reply(text.format(short=ticket.short)),), facts=facts)


def withdraw(it: Doing) -> Outcome:
    """撤回. A safety matter stays open as an anonymous duty (§2.2 X3), and so does what others wait for too."""
    ticket = it.ticket
    others = bool(ticket.followers) or any(one.status is Status.MERGED for one in it.read.merged(ticket.id))
    kept = ticket.status is not Status.MERGED and (
        ticket.level == "T0" or ticket.category.startswith(SAFETY) or others
    )
    facts: tuple[Fact, ...] = (TicketWithdrawn(ticket.id, it.who.id, kept),)
    if kept:
        facts += (NameHidden(ticket.id, it.who.id),)
    else:
        facts += (TimersCleared(ticket.id, EVERY_TIMER),)
    text = texts.WITHDRAWN
    if kept:
        text = said.WITHDRAWN_FOR_OTHERS if others else texts.WITHDRAWN_KEPT
    return Outcome(replies=(Reply(text.format(short=ticket.short)),), facts=facts)
