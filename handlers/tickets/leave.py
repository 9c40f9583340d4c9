"""请假 and 销假 of whoever has a post: new tasks go to the partner by rule, who is told; what is in hand stays."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from handlers.read import Read
from handlers.tickets import said
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.facts_chain import LeaveTaken
from handlers.tickets.facts_undo import LeaveEnded
from handlers.types import Fact, Outcome, Person, Push, Rank, Reply, Role, Turn, say
from nlp import when

_TAKEN = re.compile(  # one's own: between 「我」 and it nothing but days and what keeps one away
    r"^(?:我|都|也|得|先|[要想从到至\-~—,，。]|\s|(?:家里)?有点?事|[来去]不了|(?:身体)?不舒服|生病了?|[今明后]天|大后天|[上下]午"
    r"|[这本下]*个?(?:周|星期|礼拜)[一二三四五六日天]|[\d一二三四五六七八九十]{1,3}[月号日])*请个?假(?!了?[吗没])"
)
_ENDED = re.compile(r"^我?(?:销假|(?:取消|撤回|结束|提前结束)请假|不(?:用)?请假了?|请假(?:取消|撤回|不请了))")
_TO = re.compile(r"[到至\-~—]")
_MOST = 60  # days


def wanted(turn: Turn, read: Read) -> Outcome | None:
    text = turn.inbound.text.strip()
    if _ENDED.match(text):
        return _ended(turn, read)
    return _taken(turn, read, text) if _TAKEN.match(text) else None


def _taken(turn: Turn, read: Read, text: str) -> Outcome:
    """From a day to a day."""
    first_words, last_words = (*_TO.split(text, maxsplit=1), "")[:2]
    first = when.limit(first_words, turn.now)
    last = when.limit(last_words, turn.now) if last_words else first
    if first is not None and last is not None and last < first:  # 「下周一到周三」: of that week
        last = when.limit(last_words, first)
    if first is not None and not last_words:  # 「明天请假三天」
        days = sum(one.seconds for one in when.find(text, turn.now) if one.kind == "duration") // 86_400
        last = first + timedelta(days=max(0, days - 1))
    if first is None or last is None or last < first or last - first > timedelta(days=_MOST):
        return say(said.LEAVE_HOW)
    fact = LeaveTaken(turn.who.id, first.date(), last.date())
    lines = [said.LEAVE_TAKEN.format(days=days_of(fact))]
    partner = _partner(turn.who, read)
    if partner and (both := _both(partner, fact, read)):
        lines = [said.LEAVE_BOTH.format(days=days_of(fact), name=partner.name, day=f"{both.month}月{both.day}日")]
    if partner and (held := len(read.tasks_of(turn.who.id))):
        lines.append(said.LEAVE_HELD.format(count=held))
    return Outcome(replies=(Reply("\n".join(lines)),), facts=(fact,), dialog=None)


def _ended(turn: Turn, read: Read) -> Outcome:
    """销假: from today on; what was taken before stays taken."""
    today = turn.now.astimezone(SHANGHAI).date()
    if not read.leave_ahead(turn.who.id, today):
        return say(said.NO_LEAVE)
    return Outcome(replies=(Reply(said.LEAVE_ENDED),), facts=(LeaveEnded(turn.who.id, today),), dialog=None)


def _partner(who: Person, read: Read) -> Person | None:
    """The deputy of a leader, the leader of a deputy."""
    for micro in who.scopes(Role.LEADER) + who.scopes(Role.DEPUTY):
        duty = read.duty_of(micro)
        other = duty.deputy if who.id == duty.leader else duty.leader
        if other and other != who.id:
            return read.person(other)
    return None


def _both(partner: Person, leave: LeaveTaken, read: Read) -> date | None:
    """The first day on which nobody of the two is there."""
    days = (leave.first + timedelta(days=n) for n in range((leave.last - leave.first).days + 1))
    return next((day for day in days if read.away(partner.id, day)), None)


def days_of(leave: LeaveTaken) -> str:
    first, last = leave.first, leave.last
    return f"{first.month}月{first.day}日" + (f"到{last.month}月{last.day}日" if last != first else "")


def told(fact: Fact, now: datetime, read: Read) -> list[Push]:
    """The partner, whose work it becomes."""
    if not isinstance(fact, LeaveTaken | LeaveEnded):
        return []
    who = read.person(fact.person)
    partner = _partner(who, read) if who else None
    if who is None or partner is None:
        return []
    if isinstance(fact, LeaveEnded):
        text = said.PARTNER_BACK.format(name=who.name)
    else:
        text = said.PARTNER_AWAY.format(name=who.name, days=days_of(fact))
    return [Push(partner.id, text, "notice", Rank.NOTICE)]
