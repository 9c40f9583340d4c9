"""What is on, one activity in full, a question about it, what one has signed up for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from handlers.activities import find, said, texts
from handlers.activities.port import Activity
from handlers.activities.rules import LIVE
from handlers.read import Read
from handlers.types import Choice, Outcome, Turn, say
from nlp.when import ZONE

_MOST = 5
_ASKED: tuple[tuple[re.Pattern[str], Callable[[Activity], str]], ...] = (
    (re.compile("保险|受伤|摔|保单|赔"), lambda a: f"保险：{texts.insured(a)}。风险和保障：{a.risks}。"),
    (
        re.compile("孩子|小孩|小朋友|宝宝|儿子|女儿|孙|娃|亲子"),
        lambda a: "可以带孩子，14岁以下要大人陪着。" if a.children else "这个活动不带孩子，大人可以来。",
    ),
    (
        re.compile("带什么|带啥|要带|穿什么|准备什么|自带"),
        lambda a: f"请带{a.bring}。" if a.bring else "不用带东西。",
    ),
    (re.compile("几点|什么时候|啥时候|哪天|时间|几号|多久|几时"), lambda a: f"{texts.when(a)}。"),
    (re.compile("在哪|哪里|哪儿|地点|集合|怎么去|地址"), lambda a: f"在{a.place}集合。"),
    (re.compile("名额|满了|还有位|几个人|多少人|还能报"), lambda a: f"一共{a.seats}人，{texts.left(a)}。"),
    (re.compile("条件|要求|几岁|多大|能参加|可以参加|资格"), lambda a: f"条件：{a.conditions}。"),
    (re.compile("危险|风险|安全|累不累|保障"), lambda a: f"风险和保障：{a.risks}。"),
    (re.compile("做什么|干什么|干啥|做啥|什么内容|内容|干嘛"), lambda a: f"{a.about}。"),
    (re.compile("下雨|天气"), lambda a: "下雨改期或取消，会马上在这里告诉您。"),
)  # fmt: skip
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
    found = _fitting(turn, found, read)[:_MOST]
    if len(found) == 1:
        return detail_of(turn, found[0], read)
    choices = tuple(Choice(texts.line(activity), f"看活动{activity.number}") for activity in found)
    return find.shown(turn, head, found, *choices)


def _fitting(turn: Turn, found: tuple[Activity, ...], read: Read) -> tuple[Activity, ...]:
    """With free seats first, then what the person's skills or free days name, then by time."""
    me = read.volunteer(turn.who.id)
    skills = [skill for skill in re.split("[、，,和 ]", me.skills) if skill]

    def rank(activity: Activity) -> tuple[bool, int]:
        words = activity.about + activity.name + "".join(s.name for s in activity.stations)
        weekend = activity.starts.astimezone(ZONE).weekday() >= 5
        fits = sum(skill in words for skill in skills) + ("周末" in me.free and weekend)
        return activity.free <= 0, -fits

    return tuple(sorted(found, key=rank))


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
    asked = next((answer for pattern, answer in _ASKED if pattern.search(turn.said.text)), None)
    if asked is None:
        return detail_of(turn, activity, read)
    return find.shown(turn, f"{activity.name}：{asked(activity)}", found, *_join(turn, activity, read))


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
        lines.append(f"{activity.name}，{texts.when(activity)}，{activity.place}，{status}")
    return say("\n".join([texts.MINE_HEAD, *lines]))
