"""The reporter's verdict: 真的解决了吗, then 满意吗. Silence is never satisfaction."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from handlers import forms
from handlers.read import Read, Ticket
from handlers.texts import FINE
from handlers.tickets import categories, mine, texts
from handlers.tickets.acts import act
from handlers.tickets.chat import done
from handlers.tickets.doing import Args, Missing
from handlers.tickets.facts import TicketClosed, TimersCleared
from handlers.tickets.report import reported_again, start, submit_to_desk
from handlers.tickets.rules import OPEN, Action, Status
from handlers.tickets.unclear import about_a_task
from handlers.types import Fact, Outcome, Refused, Reply, Turn, say

UNSOLVED, RATING = "unsolved", "rating"
_STILL = re.compile("还是(?:要|得|想)|还要(?:修|报|弄)|又想|改主意|反悔")
_ENOUGH = re.compile("^(?:好了|好啦|行了|可以了)[,。!！]*$")  # 「that is all」 as well
_PRAISE = re.compile("表扬|点赞|锦旗|手艺好|真好(?!意思|笑)|感谢")


def _theirs(turn: Turn, ticket: Ticket) -> bool:
    """Reported by them, or for them 代."""
    return turn.who.id in (ticket.reporter, ticket.proxy_for)


def waiting(turn: Turn, read: Read) -> Ticket | None:
    """The reporter's latest ticket that waits for a verdict, when there is one."""
    for ticket in read.reports_of(turn.who.id, limit=9):
        if _theirs(turn, ticket) and ticket.status is Status.TO_RATE and ticket.solved_answer is None:
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
    return found


def _recent_done(turn: Turn, read: Read) -> Ticket | None:
    for ticket in read.reports_of(turn.who.id, limit=9):
        if _theirs(turn, ticket) and ticket.status is Status.DONE:
            return ticket
    return None


def solved(turn: Turn, read: Read) -> Outcome:
    """「解决了」 to the question; of what is still in hand it is told to who holds it."""
    if not turn.said.tickets and waiting(turn, read) is None and _in_hand(turn, read):
        if _ENOUGH.match(turn.said.text):
            return say(FINE)
        return _by_itself(turn, read, mine.one(turn, read, "解决了", OPEN))
    numbered = mine.one(turn, read, "解决了", OPEN) if turn.said.tickets else None
    if isinstance(numbered, Ticket) and numbered.status in OPEN:
        return _by_itself(turn, read, numbered)
    found = _meant(turn, read, "解决了")
    if isinstance(found, Outcome):
        return found
    out = done(turn, read, Action.CONFIRM, found, Args())
    return replace(out, dialog=forms.ask(turn, RATING, {"ticket": found.id}, *texts.RATINGS))


def _in_hand(turn: Turn, read: Read) -> bool:
    return any(_theirs(turn, t) and t.status in OPEN for t in read.reports_of(turn.who.id, limit=9))


def _by_itself(turn: Turn, read: Read, found: Ticket | Outcome) -> Outcome:
    """It was put right before anybody wrote 办结: said on, and closed by who holds it."""
    if isinstance(found, Outcome):
        return found
    out = done(turn, read, Action.ADD, found, Args(words=turn.inbound.text.strip()))
    return replace(out, replies=(Reply(texts.GOOD_NEWS.format(short=found.short)),))


def unsolved(turn: Turn, read: Read) -> Outcome:
    """「没解决」: the reason first if it was not said, then reopened. 「怎么还没好」 of what is in hand urges it."""
    if not turn.said.tickets and waiting(turn, read) is None:
        if again := _after_all(turn, read):
            return again
        reports = read.reports_of(turn.who.id, limit=9)
        if not reports and (asked := about_a_task(turn, read)):
            return asked
        if not reports and turn.said.category:
            return start(turn, read)  # 「昨天那个灯又坏了」 of who never reported it here
        if _in_hand(turn, read) and ("还没" in turn.said.text or _recent_done(turn, read) is None):
            return mine.urge(turn, read)
    found = _meant(turn, read, "没解决")
    return found if isinstance(found, Outcome) else _reopen(turn, read, found, turn.said.reason)


def _after_all(turn: Turn, read: Read) -> Outcome | None:
    """「我说错了 还是要修」 soon after 撤回: the same words are shown once more, to be confirmed."""
    last = next(iter(read.reports_of(turn.who.id, limit=1)), None)
    soon = turn.now - timedelta(minutes=turn.policy.album_minutes)
    if (
        last is None
        or last.status is not Status.WITHDRAWN
        or last.changed < soon
        or not _STILL.search(turn.said.text)
    ):
        return None
    return reported_again(turn, read, last)


def resume_unsolved(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    found = read.ticket(turn.dialog.answers["ticket"])
    if found is None or found.status not in (Status.TO_RATE, Status.DONE):
        return None
    if not turn.said.text and not turn.inbound.media and turn.said.action != "skip":
        return None
    return _reopen(turn, read, found, turn.inbound.text.strip())


def _reopen(turn: Turn, read: Read, ticket: Ticket, words: str) -> Outcome:
    try:
        out = act(Action.REOPEN, ticket, Args(words=words), turn.who, turn.now, turn.policy, read)
    except Missing as missing:
        return Outcome(replies=(Reply(str(missing)),), dialog=forms.ask(turn, UNSOLVED, {"ticket": ticket.id}))
    return replace(out, dialog=None)


def rate(turn: Turn, read: Read) -> Outcome:
    """满意 基本满意 不满意, said in words; praise with nothing to rate is passed on."""
    if (
        not turn.said.tickets
        and _PRAISE.search(turn.said.text)
        and not (waiting(turn, read) or _recent_done(turn, read))
    ):
        return submit_to_desk(turn, read, turn.inbound.text.strip(), categories.OTHER, kind="表扬")
    found = _meant(turn, read, "评价")
    if isinstance(found, Outcome):
        return found
    return _rated(turn, read, found, _rating(turn))


def resume_rating(turn: Turn, read: Read) -> Outcome | None:
    assert turn.dialog is not None
    found = read.ticket(turn.dialog.answers["ticket"])
    index = forms.picked(turn)
    if found is None:
        return None
    if index is not None:
        return _rated(turn, read, found, texts.RATINGS[index].label)
    if turn.said.action == "skip":
        return _unrated(found)
    rating = _rating(turn)
    return _rated(turn, read, found, rating) if rating else None


def _rating(turn: Turn) -> str:
    text = turn.said.text
    if "不满意" in text or "差" in text or "一星" in text or "1星" in text or "2星" in text:
        return "不满意"
    if "基本" in text or "一般" in text or "还行" in text or "还可以" in text or "3星" in text:
        return "基本满意"
    if "满意" in text or "好" in text or "赞" in text or "5星" in text or "4星" in text:
        return "满意"
    return ""


def _rated(turn: Turn, read: Read, ticket: Ticket, rating: str) -> Outcome:
    words = turn.inbound.text.strip()
    return done(turn, read, Action.RATE, ticket, Args(rating=rating, words=words))


def _unrated(ticket: Ticket) -> Outcome:
    """跳过: solved, and not rated."""
    facts: tuple[Fact, ...] = ()
    if ticket.status is Status.TO_RATE and ticket.solved_answer:
        facts = (TicketClosed(ticket.id, "unrated"), TimersCleared(ticket.id, ("rating", "overdue")))
    return Outcome(replies=(Reply("好的，记为未评价。"),), facts=facts, dialog=None)
