"""Which 小区 the words name: whole names, aliases, shortened names with their 期; misheard names only compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nlp import place_patterns as patterns
from nlp.register import EVERYDAY, Estate, Register
from nlp.sound import same_sound

_OTHER_THING = re.compile(r"社区|街道|路(?!灯)|小学|中学|幼儿园|医院|超市|饭店|药店|银行|公园|政府|派出所|居委会")
_PLACE_NEXT = re.compile(r"(?:小区|花园|花苑|公寓|新村|家园|景苑|里|的)?(?:\d|[A-Z](?:座|栋|幢)|[东南西北大]门|里面)")
_PHASE_NEXT = re.compile(r"(?:小区|花园|花苑|公寓|新村|家园|景苑|佳苑|苑)?[ ,、\-]?(\d{1,2})期")

_KIND_NEXT = re.compile(r"小区|花园|花苑|公寓|新村|家园|景苑|佳苑")


class Named(NamedTuple):
    start: int
    end: int
    estates: tuple[Estate, ...]


def named(text: str, register: Register) -> list[Named]:
    """Names of the register in a text, left to right, the longest at each place."""
    if not register.estates or len(text) < 2:
        return []
    best: list[tuple[int, int, bool, tuple[Estate, ...]]] = []
    for last, (length, whole, estates) in register.names.iter(text):
        best.append((last + 1 - length, last + 1, whole, estates))
    best.sort(key=lambda item: (item[0], -item[1]))
    found: list[Named] = []
    for start, end, whole, estates in best:
        if (found and start < found[-1].end) or not (whole or _stands_alone(text, start, end)):
            continue
        found.append(_with_phase(text, start, end, estates))
    return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A shortened name counts unless it is part of another name or an everyday word without a number."""
    if _OTHER_THING.match(text, end):
        return False
    return text[start:end] not in EVERYDAY or bool(_PLACE_NEXT.match(text, end))


def _with_phase(text: str, start: int, end: int, estates: tuple[Estate, ...]) -> Named:
    match = _PHASE_NEXT.match(text, end)
    if match is None:
        rest = _KIND_NEXT.match(text, end)
        return Named(start, rest.end() if rest else end, estates)
    return Named(start, match.end(), tuple(estate for estate in estates if estate.phase == match.group(1)))


def sounding(words: str, estates: Iterable[Estate]) -> tuple[Estate, ...]:
    """Those of the estates, already located by a number, whose name sounds like the words (A1)."""
    found = []
    for estate in estates:
        for name in (estate.stem, *estate.aliases):
            head = patterns.NAME_END.sub("", words) or words
            if len(head) >= 2 and same_sound(head, name[: len(head)]):
                found.append(estate)
                break
    return tuple(found)
