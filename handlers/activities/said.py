"""What a message says of activities: who comes, which one, what is asked about it. Pure readers of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.activities.port import Activity, Guest
from nlp import numbers, when
from nlp.types import Understanding
from nlp.when import ZONE

# how residents call who comes along → (label, how many, child)
_KIN: tuple[tuple[str, str, int, bool], ...] = (
    ("爸妈|爸爸妈妈|父母|爹妈", "爸妈", 2, False), ("公婆", "公婆", 2, False),
    ("外公外婆|爷爷奶奶", "老人", 2, False),
    ("老婆|爱人|妻子|媳妇|太太", "老婆", 1, False), ("老公|丈夫|先生|老头子", "老公", 1, False),
    ("我?妈妈?|母亲|老妈", "妈妈", 1, False), ("我?爸爸?|父亲|老爸", "爸爸", 1, False),
    ("外公", "外公", 1, False), ("外婆", "外婆", 1, False), ("爷爷", "爷爷", 1, False),
    ("奶奶", "奶奶", 1, False), ("婆婆", "婆婆", 1, False), ("公公", "公公", 1, False),
    ("儿子", "儿子", 1, True), ("女儿|囡囡", "女儿", 1, True), ("外?孙子", "孙子", 1, True),
    ("外?孙女", "孙女", 1, True), ("孩子|小孩|小朋友|宝宝|娃娃?", "孩子", 1, True),
    ("朋友", "朋友", 1, False), ("邻居", "邻居", 1, False), ("同事", "同事", 1, False), ("同学", "同学", 1, False),
    ("哥哥?", "哥哥", 1, False), ("姐姐?", "姐姐", 1, False), ("弟弟?", "弟弟", 1, False),
    ("妹妹?", "妹妹", 1, False),
)  # fmt: skip
_N = rf"(?:(?P<n>\d|[{numbers.NUMERALS}]{{1,2}})(?:个|位|名)?)?"
_PATTERNS = tuple((re.compile(_N + f"(?:{words})"), label, count, child) for words, label, count, child in _KIN)
_FOR_OTHERS = re.compile(r"(?:帮|替|给|为)(?!大家|社区|老人).{0,8}?(?:报|参加|登记)")
_MYSELF = re.compile(r"我们|咱们|我[和跟同与带也还自]|[和跟同]我|带(?:上|着)?我?|一起|全家|一家")
_TOTAL = re.compile(
    rf"(?:我们|咱们|全家|一家|一共|总共|共)?(?P<n>\d{{1,2}}|[{numbers.NUMERALS}]{{1,3}})(?:个人|口人?|位|名|人)(?!员)"
)
_WE = re.compile(rf"(?:我们|咱们)(?P<n>\d{{1,2}}|[{numbers.NUMERALS}]{{1,2}})个?(?!月|号|点|幢|栋|单)")
_AGE = re.compile(rf"(?P<n>\d{{1,2}}|[{numbers.NUMERALS}]{{1,3}})(?:周)?岁")
_NUMBER = re.compile(r"活动\s*(\d{1,6})")
_NTH = re.compile(rf"第(\d{{1,2}}|[{numbers.NUMERALS}]{{1,2}})(?:个|项|场)|(最后)[一]?(?:个|项|场)")
_DAY_WORD = re.compile(r"今天|明天|后天|今晚|明晚|周|星期|礼拜|\d月|\d[日号]")
_NOISE = re.compile(r"活动|志愿|报名|参加|我要|我想|我们|请问|那个|这个|[的吗呢吧啊了,，。?？!！\s]")


@dataclass(frozen=True, slots=True)
class Party:
    """`myself`: the writer comes too. `age` is the writer's own, 0 when not said."""

    myself: bool = True
    guests: tuple[Guest, ...] = ()
    age: int = 0

    @property
    def people(self) -> int:
        return int(self.myself) + len(self.guests)


def party(text: str) -> Party:
    """「我和老婆周六都来」 → two; 「帮我妈报」 → the mother alone; 「我们3个人」 → three."""
    guests: list[Guest] = []
    rest = text
    ages = [numbers.value(match.group("n")) or 0 for match in _AGE.finditer(text)]
    for pattern, label, count, child in _PATTERNS:
        for match in pattern.finditer(rest):
            said_many = numbers.value(match.group("n") or "") if count == 1 else None
            guests += [Guest(label, 0, child)] * min(said_many or count, 10)
        rest = pattern.sub("#", rest)
    others = bool(guests) and bool(_FOR_OTHERS.search(text)) and not _MYSELF.search(text)
    total = _TOTAL.search(rest) or _WE.search(rest)
    if total and (many := numbers.value(total.group("n"))):
        guests += [Guest("同伴")] * max(0, min(many, 20) - len(guests) - int(not others))
    age = 0
    if ages:
        at = next((at for at, guest in enumerate(guests) if guest.child), None)
        if at is not None:
            guests[at] = Guest(guests[at].label, ages[0], True)
        elif not guests:
            age = ages[0]
    return Party(not others, tuple(guests), age)


_GROWN = re.compile(r"^(?:早就?|已经?|我|都)*满(?:的|了|啦|18)")
_AGED = re.compile(rf"(?:我|今年|快)(?:都|已经)?(?P<n>\d{{2}}|[{numbers.NUMERALS}]{{2,3}})(?:岁|了|啦)")


def is_grown(text: str) -> bool:
    """「满了满了」 「早就满了」, to whether somebody is eighteen."""
    return bool(_GROWN.search(text))


def age_told(text: str) -> int:
    """「我75岁」, or 「我七十四了」 where an age was asked for; 0 when none is told."""
    match = _AGED.search(text)
    return party(text).age or (numbers.value(match.group("n")) or 0 if match else 0)


def who_comes(said: Understanding) -> Party:
    """The understanding counts heads (nlp/people.py); ages and what each is called are read here."""
    own, people = party(said.text), said.people
    if people is None or not people.certain or not people.total:
        return own
    others = people.total - int(people.self_)
    guests = list(own.guests)[:others]
    while len(guests) < others:
        child = sum(guest.child for guest in guests) < people.children
        guests.append(Guest("孩子", 0, True) if child else Guest("同伴"))
    myself = people.self_ or not people.proxy_for  # who brings a child comes along
    return Party(myself, tuple(guests), own.age)


def day(text: str, now: datetime) -> date | None:
    """The day that is named, in Shanghai."""
    if not _DAY_WORD.search(text):
        return None
    found = next((one for one in when.find(text, now) if one.kind != "duration" and one.start), None)
    return found.start.astimezone(ZONE).date() if found and found.start else None


def span(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """「周六上午9点到11点」 as two moments; an end is two hours later when only the start is said."""
    times = when.find(text, now)
    said = next(
        (one for one in times if one.start and one.grain in ("hour", "minute") and one.kind != "duration"), None
    )
    if said is None or said.start is None:
        return None
    lasts = next((one.seconds for one in times if one.kind == "duration" and one.span[0] >= said.span[0]), 0.0)
    if said.end is not None and re.search(r"[到至~—-]", said.text):
        ends = said.end
    else:
        ends = said.start + (timedelta(seconds=lasts) if 0 < lasts < 86_400 else timedelta(hours=2))
    return (said.start, ends) if ends > said.start else None


def number(text: str) -> int | None:
    match = _NUMBER.search(text)
    return int(match.group(1)) if match else None


def nth(text: str) -> int | None:
    """Which of a list just shown, from 0, the last as -1: 「第二个在哪里集合」 → 1."""
    match = _NTH.search(text)
    if match is None:
        return None
    if match.group(2):
        return -1
    place = numbers.value(match.group(1))
    return place - 1 if place else None


def named(text: str, activities: tuple[Activity, ...]) -> tuple[Activity, ...]:
    """Those whose name is in the words, or whose name holds what is left of the words (two characters or more)."""
    whole = tuple(activity for activity in activities if activity.name in text)
    if whole:
        return whole
    rest = _NOISE.sub("", when.without(text))
    if len(rest) < 2:
        return ()
    inside = tuple(a for a in activities if rest in a.name) or tuple(a for a in activities if _nearly(a.name, text))
    return inside or tuple(a for a in activities if any(a.name[i : i + 3] in text for i in range(len(a.name) - 2)))


_CALLED = re.compile(r"([一-鿿]{2,8})活动(?!室|中心)")
_ANY_ONE = re.compile(
    r"[这那哪]|什么|哪些|刚才|上面|志愿|社区|小区|周末|报名|参加|最近|明天|后天|今天|我|你|有|没|的|个|次|场|下|新|多"
)


def names_another(text: str) -> bool:
    """「包粽子活动」: a name, though no activity known here has it; 「这个活动」「志愿活动」 are none."""
    found = _CALLED.search(text)
    return found is not None and not _ANY_ONE.search(found[1])


def _nearly(name: str, text: str) -> bool:
    """The name with one wrong character: 清结家园 is 清洁家园."""
    size = len(name)
    windows = (text[at : at + size] for at in range(len(text) - size + 1))
    return size >= 4 and any(sum(a == b for a, b in zip(name, part, strict=True)) >= size - 1 for part in windows)


def on_day(found: date, activities: tuple[Activity, ...], *, weekend: bool = False) -> tuple[Activity, ...]:
    days = {found, found + timedelta(days=1)} if weekend else {found}
    return tuple(activity for activity in activities if activity.starts.astimezone(ZONE).date() in days)
