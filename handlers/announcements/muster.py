"""应急动员: who is called answers 「我去」 or 「来不了」; who called sees how many, and stands it down."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers.announcements import texts
from handlers.announcements.acts import Writer, order, reaches, writer
from handlers.announcements.facts import MusterAnswered, MusterClosed, MusterSaid
from handlers.announcements.port import Announcement
from handlers.announcements.rules import NO, YES, Act
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimersCleared, TimerSet
from handlers.types import Fact, Outcome, Refused, Reply, Role, Turn, say

END, PURGE = "an_end", "an_purge"  # timers of a mobilisation

_GO = re.compile(
    r"^(?:应急)?(?:那|那么)?我?(?:还是|也)?(?:马上|现在|这就|立刻|可以|能|会)?(?:去|来|到|过来|过去|参加|到位了?|在途|在路上)[了吧的啊呀。!！]*"
    r"[,，\s]*(?:大概|大约|约|还要|要)?(?:(?P<n>\d{1,3})分钟?(?:钟)?(?:后|内|左右)?(?:能?到)?)?[。!！]*$"
)
_MINUTES = re.compile(r"^(?:大概|大约|约|还要)?(?P<n>\d{1,3})分钟(?:后|内|左右)?(?:能?到|过来|过去)[了。!！]*$")
_CANNOT = re.compile(
    r"^(?:应急)?我?(?:这次|今天|现在|实在)?(?:来不了|去不了|到不了|不能[来去到]|没法[来去]|没空|不[来去](?:了)?)[了啊呀。!！]*"
    r"(?:[,，\s].{0,40})?$"
)


_HERE = re.compile(r"^我?们?(?:已经?|都)?到(?:了|位|达|现场|场|\S{0,6}门).{0,6}$")
_SHORT = re.compile(
    r"不够|缺|还[要差]|需要|增援|支援|撑不住|顶不住|忙不过来|人手"
)  # how it stands where they were called to


def answered(turn: Turn, read: Read) -> Outcome | None:
    """The answer of somebody who was called; None when the words say nothing new or something else.

    A second 「我去」 is about something else again, e.g. a task to accept.
    """
    words = turn.inbound.text.strip()
    number = turn.said.number
    offered = turn.dialog is not None and bool(turn.dialog.offered)
    go, cannot = _GO.match(words) or _MINUTES.match(words), _CANNOT.match(words)
    stands = turn.said.urgency != "emergency" and (_HERE.match(words) or _SHORT.search(words))
    if not (go or cannot or stands or (number in (1, 2) and not offered)):
        return None
    found = read.muster_of(turn.who.id)
    if found is None:
        return None
    one, before = found
    if stands:
        return _said(turn, read, one, words) if before == YES else None
    if number in (1, 2) and not (go or cannot):
        if before:
            return None
        answer = YES if number == 1 else NO
    else:
        answer = NO if cannot else YES
    minutes = int(go["n"]) if go and go["n"] else 0
    if answer == before and not minutes:
        return None
    fact = MusterAnswered(one.id, turn.who.id, answer, minutes)
    return Outcome(replies=(Reply(_noted(one, answer, minutes)),), facts=(fact,))


def _said(turn: Turn, read: Read, one: Announcement, words: str) -> Outcome | None:
    """「到了」「沙袋不够」 of who comes, to who called; a task in hand, a report come first."""
    if turn.said.category or read.tasks_of(turn.who.id, limit=1):
        return None
    fact = MusterSaid(one.id, turn.who.id, words[:200])
    return Outcome(replies=(Reply(texts.SAID_NOTED),), facts=(fact,), dialog="keep")


def _noted(one: Announcement, answer: str, minutes: int) -> str:
    if answer == NO:
        return texts.NO_NOTED
    said = texts.YES_MINUTES if minutes else texts.YES_NOTED
    return said.format(minutes=minutes, words=one.words[:60])


def state(turn: Turn, read: Read) -> Outcome:
    """「应急情况」: the numbers of each that is on."""
    found = read.musters_on(turn.who.scopes(Role.DESK))
    if not found:
        return say(texts.NO_MUSTER)
    return say("\n".join(texts.answers(one, read.muster_answers(one.id)) for one in found))


def stand_down(turn: Turn, read: Read) -> Outcome:
    """「解除应急」 ends the newest; with a number, that one."""
    number = re.search(r"\d+", turn.inbound.text)
    found = read.musters_on(turn.who.scopes(Role.DESK))
    wanted = [one for one in found if not number or one.number == int(number.group())]
    if not wanted:
        return say(texts.NO_MUSTER)
    return close(wanted[0].id, writer(turn.who), turn.now, turn.policy, read)


def ask_again(turn: Turn, read: Read) -> Outcome:
    """「再问一次」: who has not answered, of the newest."""
    one = read.musters_on(turn.who.scopes(Role.DESK))[0]
    return order(Act.REASK, one.id, writer(turn.who), turn.now, turn.policy, read)


def close(announcement: int, by: Writer, now: datetime, policy: Policy, read: Read) -> Outcome:
    """Stood down; who comes is told. Raises Refused."""
    one = read.announcement(announcement)
    if one is None or not one.muster or not reaches(by, one.audience, read):
        raise Refused(texts.NO_SUCH)
    if one.closed is not None:
        raise Refused(texts.NO_MUSTER)
    text = texts.CLOSED.format(yes=read.muster_answers(one.id).yes)
    return Outcome(replies=(Reply(text),), facts=closed(one.id, by.person, now, policy), dialog=None)


def closed(announcement: int, by: int, now: datetime, policy: Policy) -> tuple[Fact, ...]:
    """Ended, and its roster will be destroyed."""
    destroyed = TimerSet(announcement, PURGE, now + timedelta(days=policy.muster_purge_days))
    return (MusterClosed(announcement, by), TimersCleared(announcement, (END,)), destroyed)
