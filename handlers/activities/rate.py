"""Evaluation both ways: of the activity by who came, of who came by the organiser."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.activities import manage, texts_hours
from handlers.activities.facts_hours import Rated
from handlers.activities.rules import Place
from handlers.read import Read
from handlers.types import Outcome, Reply, Turn, say
from nlp import numbers

_STARS = re.compile(rf"(?P<n>[1-5]|[{numbers.NUMERALS}])(?:颗|个)?[星分]")
_VOLUNTEER = re.compile(r"^评(?:价)?志愿者[:：\s]*(?P<name>[一-鿿A-Za-z]{2,12}?)[:：\s]*(?=[1-5一二两三四五])")
_BACK = timedelta(days=30)
MOST = 5  # stars


def _stars(text: str) -> int:
    match = _STARS.search(text)
    found = numbers.value(match.group("n")) if match else None
    return found if found and 1 <= found <= MOST else 0


def activity(turn: Turn, read: Read) -> Outcome:
    """「评活动 5星 组织得很好」."""
    stars = _stars(turn.said.text)
    came = [s for s in read.signups_of(turn.who.id, turn.now - _BACK) if s.status is Place.CAME]
    if not came:
        return say(texts_hours.RATE_NONE)
    open_ = [s for s in came if not read.rated(s.id, "activity")]
    if not open_:
        return say(texts_hours.RATE_TWICE)
    if not stars:
        return say("请给1到5颗星，比如「评活动 5星 组织得很好」。")
    signup = open_[-1]
    words = turn.inbound.text.partition("星")[2].strip(" ，,。")[:200]
    fact = Rated(read.new_id(), signup.id, signup.activity, "activity", turn.who.id, stars, words)
    return Outcome(replies=(Reply(texts_hours.RATED),), facts=(fact,))


def volunteer(turn: Turn, read: Read) -> Outcome:
    """「评志愿者 陈国强 5星 很认真」, by the organiser."""
    match, stars = _VOLUNTEER.match(turn.said.text.strip()), _stars(turn.said.text)
    if match is None or not stars:
        return say(texts_hours.RATE_HOW)
    for one in reversed(read.activities_led(turn.who.id, turn.now - _BACK)):
        for signup in read.signups_in(one.id):
            if signup.status is Place.CAME and manage.name_of(signup.person, read) == match.group("name"):
                if read.rated(signup.id, "volunteer"):
                    return say(texts_hours.RATE_TWICE)
                words = turn.inbound.text.partition("星")[2].strip(" ，,。")[:200]
                fact = Rated(read.new_id(), signup.id, one.id, "volunteer", turn.who.id, stars, words)
                return Outcome(replies=(Reply("评价记下了。"),), facts=(fact,))
    return say(texts_hours.NO_RECORD.format(who=match.group("name")))
