"""How an address is written (domain.md §3.1): patterns, and words that are no address; no register here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp import numbers
from nlp.lexicon import word_list

_SEP = r"[ ,、/_.#:\-]{0,2}"
_JOIN = r"[/_、,.#\-]"
# Rule A5: such a word after the digits makes them a date, an amount or a count.
_NOT_ROOM = r"(?![\d年月日元块个台只条根米号路点分度户人张岁天吨斤公千万%:.]|-\d)"
_ROOM = rf"(?P<room>\d{{3,4}}[A-Z]?|0\d)(?![A-Za-z])(?:室|房间?(?!东|顶|屋|租)|{_NOT_ROOM})"
_UNIT = r"(?P<unit>\d{1,2}|[A-Z]|[东西中甲乙丙])单元"
_FLOOR = r"(?P<floor>-?\d{1,2})(?:楼|层)(?![上下道梯长栋组])"
_NUMBER = r"(?P<building>[A-Z]?\d{1,4}[A-Z]?(?:-\d{1,3})?|[A-Z])"
_WORD = r"(?P<word>号楼(?![上下道梯])|号|[幢栋座](?:楼(?![上下道梯]))?|#楼?(?=\d|[A-Z东西]单元|$|[^\w\s]|[一-鿿]))"
_TAIL = rf"(?:{_SEP}{_UNIT})?(?:{_SEP}{_FLOOR})?(?:{_SEP}{_ROOM})?"

FULL = re.compile(
    rf"(?=[\dA-Z])(?<![\dA-Za-z.\-])(?:(?P<lane>\d{{1,5}})弄{_SEP})?(?:(?P<group>\d{{1,3}})组)?{_NUMBER}{_WORD}{_TAIL}"
)
IN_LANE = re.compile(
    rf"(?<!\d)(?P<lane>\d{{1,5}})弄(?!堂)(?:{_SEP}(?P<building>\d{{1,3}})(?:{_JOIN}(?P<room>\d{{3,4}})室?)?(?![\d年月日元个天]))?"
)
TRIPLE = re.compile(
    rf"(?<![\dA-Za-z.:/\-])(?P<building>[A-Z]?\d{{1,4}}){_JOIN}(?P<unit>\d{{1,3}}){_JOIN}(?P<room>\d{{3,4}})(?:室|{_NOT_ROOM})"
)
PAIR = re.compile(rf"(?<![\dA-Za-z.:/\-])(?P<building>[A-Z]?\d{{1,3}})[/_#\-](?P<room>\d{{3,4}})(?:室|{_NOT_ROOM})")
TWO_NUMBERS = re.compile(r"(?<![\d.])(\d{1,3})[、和跟与及](\d{1,3})(?=号楼|[幢栋]|号(?!线))")
PHASE = re.compile(r"(?<![\d周学工分任])(\d{1,2})期(?![间限待望末货工])")

# Rules A7 and A8: the number names a thing, a document or a day.
_THING_BEFORE = re.compile(
    r"(?:车位|车牌|电话|手机|编号|工号|单号|卡号|证号|房号|工单|尾号|订单|快递|桩|泵|梯|机|线|柜|窗口|信箱|灯杆|路灯|公交|第|"
    r"室|房|间|厅|库|摊|店|站|岗|舱|箱|月|个|这|那|每月|本月|今天|明天|周)号?[:是为]?$"
)
_THING_AFTER = re.compile(
    r"(?:那?[一个张]?(?:单子?|工单|报事)|电梯|线|公交|路|车位|充电|桩|机|泵|柜|窗口|字|床|之前|以前|前(?!面|门)|"
    r"后(?!面|门)|早|晚|上午|下午|中午|凌晨|到\d|至\d|开始|截止|门(?!口|禁|锁|前|洞)|前后|左右|年|月|通知|码)"
)
_PREFIX_TICKET = re.compile(r"(?:编号|工单|单号|单子|尾号|后四位|报事)[号为是: ]?$")

NAME_END = re.compile(
    r"(?:花园|小区|公寓|新村|家园|花苑|嘉园|名苑|佳苑|雅苑|景苑|新苑|华庭|名邸|公馆|大厦|苑|府|庭|湾|郡|邸|墅|浜|埭|坊|里|村|园|城|居)$"
)
ROAD_END = re.compile(r"[一-鿿]{1,8}(?:路|街|大道|巷|公路)$")
SPOTS = tuple(word_list("spots"))
# Below ground is a floor or a car park, never a room (§3.1).
UNDERGROUND = re.compile(
    rf"(?:负|-|地下)(?:\d|[{numbers.NUMERALS}])(?:楼|层)|[Bb][1-4](?:层|楼|车库|停车场)?(?![\dA-Za-z座栋幢])|地下车位"
)
SPOT = re.compile("|".join(sorted(SPOTS, key=len, reverse=True)))
_FILLER = re.compile(f"(?:{'|'.join(word_list('fillers'))})+")
_LEAD = re.compile(rf"^{_FILLER.pattern}")


class Written(NamedTuple):
    """An address as written, numbers without leading zeros (A13). `sure`: cannot be anything but an address."""

    start: int
    end: int
    lane: str = ""
    group: str = ""
    building: str = ""
    word: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    sure: bool = True


def written(text: str) -> list[Written]:
    """Every address pattern of a normalised text, left to right, without overlaps; the fuller pattern wins."""
    found: list[Written] = []
    if not _DIGIT.search(text) and not _LETTER.search(text):
        return found
    for item in _all(text):
        if len(found) >= _ADDRESSES:
            break
        if not any(item.start < other.end and other.start < item.end for other in found):
            found.append(item)
    return sorted(found, key=lambda item: item.start)


_ADDRESSES = 12  # a message that lists more is not about one of them
_JOINED = re.compile(r"\d[/_、,.#\-和跟与及]\d")  # without it there is no TRIPLE, TWO_NUMBERS or PAIR
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[A-Z](?:座|栋|幢|号楼)")


def _all(text: str) -> Iterator[Written]:
    joined = _JOINED.search(text)
    for match in TRIPLE.finditer(text) if joined else ():
        yield _from(match)
    for match in TWO_NUMBERS.finditer(text) if joined else ():
        word = "号" if text[match.end()] == "号" else "幢"
        first = Written(match.start(), match.end(1), building=_number(match.group(1)), word=word, sure=word == "幢")
        if not _thing(text, match.start(), match.end() + 1, word):
            yield first
    for match in FULL.finditer(text):
        sure, after = True, match.end("word")
        if match["word"] == "号" and not (match["lane"] or match["group"] or text.startswith("楼", after)):
            sure = bool(match["unit"] or match["room"] or match["floor"])
            if _thing(text, match.start(), after, "号") or _ticket(text, match.start()):
                continue
        yield _from(match, sure=sure)
    for match in IN_LANE.finditer(text) if "弄" in text else ():
        yield _from(match)
    for match in PAIR.finditer(text) if joined else ():
        if not _ticket(text, match.start()):
            yield _from(match, sure=False)


def _ticket(text: str, start: int) -> bool:
    return _PREFIX_TICKET.search(text[max(0, start - 6) : start]) is not None


def _thing(text: str, start: int, after: int, word: str) -> bool:
    if word != "号":
        return False
    return bool(_THING_BEFORE.search(text[max(0, start - 6) : start]) or _THING_AFTER.match(text, after))


def _from(match: re.Match[str], *, sure: bool = True) -> Written:
    got = match.groupdict("").get
    said = got("word", "")
    word = said.removesuffix("楼")
    if said == "号楼" or (word == "号" and match.string.startswith("楼", match.end("word"))):
        word = "号楼"  # 18号楼下 is beneath building 18
    return Written(
        match.start(), match.end(), _number(got("lane")), _number(got("group")), _number(got("building")), word,
        _number(got("unit")), _number(got("floor")), got("room") or "", sure,
    )  # fmt: skip


def _number(digits: str | None) -> str:
    """024 is 24 (A13); letters and 3-2 stay."""
    if not digits:
        return ""
    return digits.lstrip("0") or "0" if digits.isdigit() else digits.upper()


def name_before(text: str, start: int) -> tuple[str, int]:
    """The words right before `start`, where a 小区 name stands, without fillers (A11), and where they begin."""
    begin = start
    while begin > 0 and start - begin < 14 and "一" <= text[begin - 1] <= "鿿":
        begin -= 1
    run = text[begin:start]
    rest = _LEAD.sub("", run, count=1)
    if not rest or _FILLER.fullmatch(rest):
        return "", start
    return rest, start - len(rest)
