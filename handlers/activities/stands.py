"""「活动取消了吗」 「明天的还办吗」: whether what somebody means to come to takes place, and when."""

from __future__ import annotations

import re

from handlers.activities import find, said, texts
from handlers.activities.port import Activity
from handlers.activities.rules import LIVE, State
from handlers.read import Read
from handlers.types import Choice, Outcome, Turn, say

_MOST, _OFFERED = 3, 5
ASKED = re.compile(
    "(?:还|照常|照样|照旧|正常|按时)(?:是|会|要|用)?(?:办|搞|开|弄|举行|进行|去|来)(?!得及|不了|多久)(?:不(?:办|搞|开|弄|去|来))?了?(?:[吗么嘛不没呢伐?？]|$)"
    "|照常[吗么嘛伐]|(?:取消|改期|改时间)了?(?:[吗么嘛没伐]|没有)|(?:有没有|是不是|会不会|是否|不会)(?:取消|改期|改时间)"
)


def stands(turn: Turn, read: Read) -> Outcome:
    """The one that is named, else those signed up for, else the next ones; each with its state."""
    words = turn.said.text
    signups = {s.activity: s for s in read.signups_of(turn.who.id, turn.now) if s.status in LIVE}
    own = tuple(a for a in (read.activity(one) for one in signups) if a)
    named = find.meant(turn, read) or said.named(words, own)
    day = said.day(words, turn.now)
    if day is not None:
        named = said.on_day(day, own) or named
    head = texts.NONE_THAT_DAY_YOURS if day is not None and not named else ""
    if not named and said.names_another(words):
        known = find.upcoming(turn, read)[:_OFFERED]
        return find.shown(turn, texts.NOT_FOUND, known, *_choices(known))
    found = (named or own)[:_MOST] or find.upcoming(turn, read)[:_OFFERED]
    if not found:
        return say(texts.NONE_ON if find.community_of(turn) else texts.WHERE_LIVE)
    if not named and not own:
        return find.shown(turn, head + texts.STANDS_ALL, found, *_choices(found))
    lines = [texts.stands(a, texts.STATUS[signups[a.id].status.value] if a.id in signups else "") for a in found]
    told = texts.STANDS_TOLD if all(a.status is not State.CANCELLED for a in found) else ""
    return find.shown(turn, "\n".join(filter(None, (head, *lines, told))), found)


def _choices(activities: tuple[Activity, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(texts.line(a), f"看活动{a.number}") for a in activities)
