"""The reporter's verdict: 真的解决了吗, then 满意吗. Silence is never satisfaction."""

from __future__ import annotations

from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import mine, texts
from handlers.tickets.facts import SolvedAnswered, TicketClosed, TicketRated, TicketReopened, TimersCleared, TimerSet
from handlers.tickets.opening import limits
from handlers.tickets.rules import Action, Status, move
from handlers.types import Fact, Outcome, Refused, Reply, Turn

UNSOLVED, RATING = "unsolved", "rating"


def waiting(turn: Turn, read: Read) -> Ticket | None:
    """The reporter's latest ticket that waits for a verdict, when there is one."""
    for ticket in read.reports_of(turn.who.id, limit=9):
        if ticket.reporter == turn.who.id and ticket.status is Status.TO_RATE and ticket.solved_answer is None:
            return ticket
    return None


def _meant(turn: Turn, read: Read, command: str) -> Ticket | Outcome:
    if turn.said.tickets:
        found = mine.one(turn, read, command, (Status.TO_RATE, Status.DONE))
        if isinstance(found, Outcome):
            return found
    else:
        latest = waiting(turn, read) or _recent_done(turn, read)
        if latest is None:
            raise Refused(texts.NOTHING_TO_RATE)
        found = latest
    if found.reporter != turn.who.id:
        raise Refused("这件事是邻居报的，由报的人来评价。")
    return found


def _recent_done(turn: Turn, read: Read) -> Ticket | None:
    for ticket in read.reports_of(turn.who.id, limit=9):
        if ticket.reporter == turn.who.id and ticket.status is Status.DONE:
            return ticket
    return None


def solved(turn: Turn, read: Read) -> Outcome:
    found = _meant(turn, read, "解决了")
    if isinstance(found, Outcome):
        return found
    if found.status is not Status.TO_RATE:
        return Outcome(replies=(Reply(texts.wrong_state(found, "再确认")),))
    facts: tuple[Fact, ...] = (SolvedAnswered(found.id, turn.who.id, True),)
    return Outcome(
        replies=(Reply(texts.ASK_RATING, texts.RATINGS),),
        facts=facts,
        dialog=forms.ask(turn, RATING, {"ticket": found.id}, *texts.RATINGS),
    )


def unsolved(turn: Turn, read: Read) -> Outcome:
    """「没解决」: the reason first if it was not said, then reopened."""
    found = _meant(turn, read, "没解决")
    if isinstance(found, Outcome):
        return found
    closed = found.closed or found.solved
    if found.status is Status.DONE and closed and turn.now - closed > timedelta(days=turn.policy.reopen_days):
        raise Refused(f"{found.short}办结超过{turn.policy.reopen_days}天了。还有问题请重新报一次，我马上转。")
    move(found.status, Action.REOPEN)
    if turn.said.reason:
        return _reopen(turn, read, found, turn.said.reason)
    return Outcome(replies=(Reply(texts.ASK_UNSOLVED),), dialog=forms.ask(turn, UNSOLVED, {"ticket": found.id}))


def resume_unsolved(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    found = read.ticket(turn.dialog.answers["ticket"])
    if found is None or found.status not in (Status.TO_RATE, Status.DONE):
        return None
    if not turn.said.text and not turn.inbound.media and turn.said.action != "skip":
        return None
    return _reopen(turn, read, found, turn.inbound.text.strip())


def _reopen(turn: Turn, read: Read, ticket: Ticket, words: str) -> Outcome:
    promised = limits(ticket.level, turn.now, read.calendar())
    facts: tuple[Fact, ...] = (
        SolvedAnswered(ticket.id, turn.who.id, False, words),
        TicketReopened(ticket.id, turn.who.id, promised.accept_by, promised.due),
        TimersCleared(ticket.id, ("rating",)),
        TimerSet(ticket.id, "overdue", promised.due),
    )
    text = f"{ticket.short}重新办理，原因记下了，也告诉了社区。{texts.when(promised.due, turn.now)}前办好。"
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)


def rate(turn: Turn, read: Read) -> Outcome:
    """满意 基本满意 不满意, said in words."""
    found = _meant(turn, read, "评价")
    if isinstance(found, Outcome):
        return found
    return _rated(turn, found, _rating(turn))


def resume_rating(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    found = read.ticket(turn.dialog.answers["ticket"])
    index = forms.picked(turn)
    if found is None:
        return None
    if index is not None:
        return _rated(turn, found, texts.RATINGS[index].label)
    if turn.said.action == "skip":
        return _rated(turn, found, "")
    rating = _rating(turn)
    return _rated(turn, found, rating) if rating else None


def _rating(turn: Turn) -> str:
    text = turn.said.text
    if "不满意" in text or "差" in text or "一星" in text or "1星" in text or "2星" in text:
        return "不满意"
    if "基本" in text or "一般" in text or "还行" in text or "还可以" in text or "3星" in text:
        return "基本满意"
    if "满意" in text or "好" in text or "赞" in text or "5星" in text or "4星" in text:
        return "满意"
    return ""


def _rated(turn: Turn, ticket: Ticket, rating: str) -> Outcome:
    facts: tuple[Fact, ...] = ()
    if rating:
        facts += (TicketRated(ticket.id, turn.who.id, rating, turn.inbound.text.strip()),)
    if ticket.status is Status.TO_RATE and ticket.solved_answer:
        facts += (
            TicketClosed(ticket.id, "answered" if rating else "unrated"),
            TimersCleared(ticket.id, ("rating", "overdue")),
        )
    if not rating:
        return Outcome(replies=(Reply("好的，记为未评价。"),), facts=facts, dialog=None)
    text = texts.RATED_BAD if rating == "不满意" else texts.RATED
    if ticket.status is Status.TO_RATE and ticket.solved_answer is None:
        # Satisfied and solved are two questions: the second is still open.
        return Outcome(
            replies=(Reply(f"{text}\n还想问一句：真的解决了吗？", texts.SOLVED_CHOICES),), facts=facts, dialog=None
        )
    return Outcome(replies=(Reply(text),), facts=facts, dialog=None)
