"""What is on, one activity in full, a question about it, what one has signed up for."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers.activities import asked, find, fitting, said, texts
from handlers.activities.port import Activity
from handlers.activities.rules import LIVE, State
from handlers.read import Read
from handlers.types import Choice, Outcome, Turn, say
from nlp.when import ZONE

_MOST = 5
ASKING = re.compile("[?？吗么呢](?:$|[,，。])|什么|哪|几|多少|能不能|可不可以|行不行|有没有|要不要|多久|怎么|保险")


def browse(turn: Turn, read: Read) -> Outcome:
    """What is on: of the day or week that is named, else the next five; what fits the person comes first."""
    if not find.community_of(turn):
        return find.ask_home(turn)
    known = find.upcoming(turn, read)
    if not known:
        return say(texts.NONE_ON)
    words = turn.said.text
    day = said.day(words, turn.now) if not re.search("[这本下]周(?![一二三四五六日天末])", words) else None
    found, head = known, texts.LIST_HEAD
    if day is not None:
        found = said.on_day(day, known, weekend="周末" in words)
        if not found:
            found, head = known, texts.NONE_THAT_DAY
    elif match := re.search("([这本下])周", words):
        monday = turn.now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        monday += timedelta(days=7 * (match.group(1) == "下") - monday.weekday())
        found = tuple(a for a in known if monday <= a.starts < monday + timedelta(days=7))
        if not found:
            found, head = known, texts.NONE_THAT_DAY
    why: dict[int, str] = {}
    if fitting.FOR_ME.search(words):
        head, found, why = fitting.for_me(turn, found, read)
    elif fitting.NEAR.search(words):
        head, found, why = fitting.near(turn, found, read)
    else:
        found = fitting.ranked(turn, found, read)
    found = found[:_MOST]
    if len(found) == 1 and not why:
        return detail_of(turn, found[0], read)
    choices = tuple(
        Choice(f"{texts.line(a)}{f'，{why[a.id]}' if a.id in why else ''}", f"看活动{a.number}") for a in found
    )
    return find.shown(turn, head, found, *choices)


_TAIL = re.compile("(?:是|在|几|什么|哪|多少|还|要|能|可以|有|带|会|需|吗|呢|怎么|了|行).*$")
_OF_ANY = re.compile(
    "活动|改期|取消|下雨|天气|集合|地点|地址|地方|时间|名额|保险|风险|危险|安全|条件|要求|内容|开始|结束|人数|"
    "我|你们|请问|那个|这个|那|这|到时候|[,，。]"
)


def _names_another(words: str) -> bool:
    """What stands before the question is a name, though none of ours: 「包粽子活动还有名额吗」 「义诊是礼拜几」."""
    return len(_OF_ANY.sub("", _TAIL.sub("", words))) >= 2


def detail(turn: Turn, read: Read) -> Outcome:
    """One activity: the whole notice, or the answer to what is asked of it."""
    found = find.meant(turn, read)
    unknown = not found and _names_another(turn.said.text)
    if not found and not unknown:
        found = find.mine(turn, read)
    found = found or find.upcoming(turn, read)
    if not found:
        return say(texts.NO_SUCH if find.community_of(turn) else texts.WHERE_LIVE)
    if len(found) > 1 or unknown:
        choices = tuple(Choice(texts.line(a), f"看活动{a.number}") for a in found[:_MOST])
        return find.shown(turn, texts.NOT_FOUND if unknown else texts.WHICH, found[:_MOST], *choices)
    activity = found[0]
    answer = asked.answers(activity, turn.said.text)
    if not answer:
        return detail_of(turn, activity, read)
    between = "：\n" if "\n" in answer else "："
    return find.shown(turn, activity.name + between + answer, found, *_join(turn, activity, read))


def detail_of(turn: Turn, activity: Activity, read: Read) -> Outcome:
    text = texts.sheet(activity, find.organiser(activity, read))
    return find.shown(turn, text, (activity,), *_join(turn, activity, read))


def _join(turn: Turn, activity: Activity, read: Read) -> tuple[Choice, ...]:
    """Not offered to who has signed up already."""
    before = read.signup_of(activity.id, turn.who.id)
    if before and before.status in LIVE:
        return ()
    return (Choice("报名" if activity.free > 0 else "候补", f"报名活动{activity.number}"),)


def mine(turn: Turn, read: Read) -> Outcome:
    """What one has signed up for, with the place in a waiting list."""
    signups = read.signups_of(turn.who.id, turn.now)
    if not signups:
        return say(texts.MINE_NONE)
    lines = []
    for signup in signups:
        activity = read.activity(signup.activity)
        if activity is None:
            continue
        status = texts.STATUS[signup.status.value]
        if signup.status.value == "waiting":
            status = f"候补第{read.ahead(signup) + 1}位"
        if activity.status is State.CANCELLED:
            status = texts.OFF
        lines.append(f"{activity.name}，{texts.when(activity)}，{activity.place}，{status}")
    return say("\n".join([texts.MINE_HEAD, *lines]))
