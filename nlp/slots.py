"""Small things said in passing: choices, yes and no, who one is. No times, places or numbers of things."""

from __future__ import annotations

import re

from nlp import numbers
from nlp.lexicon import word_list

_AFTER_COMMAND = re.compile(
    r"^[\s,:#号]*(\d{1,4}|20\d{10})(?![\d\-/幢栋座楼单点月日天年小个只盏人次元块.:])号?[\s,:]*"
)
_CHOICE = re.compile(
    rf"^(?:我?选|第|就|要)?[(]?(\d{{1,2}}|[{numbers.NUMERALS}]{{1,3}})[)]?(?:个|项|种|条|件)?[.、,。)!]*(?:吧|的)?$"
)
_COUNTED = re.compile("[人名位户]")  # what _COUNT ends with
_COUNT = re.compile(rf"(\d{{1,5}}|[{numbers.NUMERALS}]{{1,4}})(?:个人|人|名|位|户)(?!口)")
_EDGE = " ,.。!?~;:、\"'…"
_POLITE = re.compile(
    r"^(?:(?:你好|您好|请问|请|麻烦(?:你们?|您)?|劳驾|师傅|同志|老师|亲|我想要?|我要(?!报|提|投|举|绑|匿|志|咨|反|补|延|退|实|人|改|上|注|找|办|签|参)|帮我|给我(?!打))[,.!。~]*)+(?=.)"
)
_PARTICLE = re.compile(r"(?:[啊呀吧哦噢啦哈呗嘛喔哟]|谢谢[你您]?|多谢|一下|好吗|行吗|可以吗|辛苦了?)+$")
_PARTICLE_ENDS = "啊呀吧哦噢啦哈呗嘛喔哟谢你您下吗以苦了"  # how _PARTICLE can end
_YES = frozenset(word_list("yes"))
_NO = frozenset(word_list("no"))
_TWICE = re.compile(r"(.{1,3}?)[ ,]?(?:\1[ ,]?)+")
_PARTS, _SHORT = re.compile(r"[ ,.。!]+"), 12
_RELATION = (
    ("tenant", re.compile(r"租客|租户|承租|租的|租房|租住|租在|房客|我租|是租")),
    ("owner", re.compile(r"业主|房东|产权|户主|自己的房|买的房|自有")),
    (
        "family",
        re.compile(r"家属|家人|亲属|父母|子女|儿子|女儿|老人|孩子|老婆|老公|丈夫|妻子|媳妇|女婿|我爸|我妈|爸妈|亲戚"),
    ),
)
_ABOUT_ME = re.compile(r"我是|我算|算是|身份|绑定|住|租")
_ANONYMOUS = re.compile(
    r"匿名|别透露我|不要透露|别透露|不要(?:(?:说|讲|提)是我|(?:暴露|公开|显示)我)|别(?:(?:说|讲|提)是我|(?:暴露|公开|显示)我)|隐藏我?的?(?:姓名|名字)|不想让人知道|替我保密|给我保密|保密"
)
_NAMED = re.compile(r"(?:取消|不要?|不用|不再|关闭)匿名|实名")


def core(text: str) -> str:
    """The message without greeting, politeness, particles and edge punctuation: 「请转人工,谢谢!」 → 转人工."""
    text = text.strip(_EDGE).casefold()
    short = _POLITE.sub("", text, count=1)
    for _ in range(3):
        end = short[-24:]
        end = _PARTICLE.sub("", end) if short[-1:] in _PARTICLE_ENDS else end
        shorter = (short[:-24] + end).strip(_EDGE)
        if shorter == short or not shorter:
            break
        short = shorter
    return short or text


def leading_ticket(rest: str) -> tuple[str, str]:
    """The ticket number right after a command word and what follows: 「17 已换灯泡」 → ("17", "已换灯泡")."""
    match = _AFTER_COMMAND.match(rest)
    return (match.group(1), rest[match.end() :]) if match else ("", rest)


def number(text: str) -> int | None:
    """The whole message as a choice number: 1, 1., 第一个, 壹, 选2 → 1 … 99."""
    match = _CHOICE.match(text.strip()) if len(text) <= 8 else None
    if match is None:
        return None
    found = numbers.value(match.group(1))
    return found if found and found < 100 else None


def yes(words: str) -> bool | None:
    """Whether the whole message (its `core`) says yes or no; None for anything else."""
    found = _yes(words)
    parts = _PARTS.split(words) if found is None and len(words) <= _SHORT else ()
    said = {_yes(part) for part in parts if part}  # 「对 没错」
    return said.pop() if len(said) == 1 else found


def _yes(words: str) -> bool | None:
    if again := _TWICE.fullmatch(words):
        words = again[1]  # 「对的对的」
    words = words.replace(",", "").replace("了", "") if len(words) > 2 else words
    plain = words.rstrip("的了呢呀哦啊") if len(words) > 2 else words
    for form in (words, plain):
        if form in _YES:
            return True
        if form in _NO:
            return False
    return None


def relation(text: str) -> str:
    """tenant, owner or family when the words say who one is, else ""."""
    if len(text) > 4 and not _ABOUT_ME.search(text):
        return ""
    return next((name for name, pattern in _RELATION if pattern.search(text)), "")


def anonymous(text: str) -> bool:
    return bool(_ANONYMOUS.search(text)) and not _NAMED.search(text)


def count(text: str) -> int | None:
    """A number of people or households said: 3个人, 十户."""
    match = _COUNT.search(text) if _COUNTED.search(text) else None
    return numbers.value(match.group(1)) if match else None
