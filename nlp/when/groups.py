"""Which time words belong together, and which only look like a time: 一点 "a bit", 3号 a door."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.quick import quick
from nlp.when.tokens import Token, tokens

# A word may stand after one of a lower rank and narrow it.
_ORDER = (
    "repeat every", "year years rel_year decade", "year_month quarter half bare_month season month rel_month",
    "festival year_edge edge xun week nth_week piece",
    "both nth_weekday nth_day lunar_day iso compact month_day rel_day day duration", "weekday weekday_part weeklist",
    "rel_part", "part", "clock two_hours bare_hour", "now",
)  # fmt: skip
_RANKS = {name: rank for rank, names in enumerate(_ORDER) for name in names.split()}
_GLUE = re.compile(r"[的 ]{0,2}|,? ?|[(]|,? ?[(]?")
TO = re.compile(r" ?(?:起|开始)?(?:[-~]{1,3}|到了?|至|直到|一直到) ?")
_DAY_BEFORE = re.compile(r"[到至延在定于改等约周]$|[这那]个?月$")
_DAY_AFTER = re.compile(r"[前到至起早晚上中下有可能去来办截-]|之[前后]|以[前后]|那天|当天|后(?!面|门)|开[会始]")
_NO_DAY = re.compile(r"漏|水|电|的?(?:楼|门)")
_PLACE_AFTER = re.compile(r"有人|上面|下面|中间|上方|下水|来水|去水|有水")
_A_BIT = ("一点", "两点", "二点", "三点", "四点", "五点")


@quick
@dataclass(frozen=True, slots=True)
class Group:
    """Words that say one stretch of time."""

    words: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end


def groups(text: str) -> Iterator[Group]:
    """The times of a normalised text, each with its words."""
    words: list[Token] = []
    for word in tokens(text):
        if words and _joins(text, words, word):
            words.append(word)
            continue
        if words and _time(text, words):
            yield Group(tuple(words))
        words = [word]
    if words and _time(text, words):
        yield Group(tuple(words))


def _joins(text: str, words: Sequence[Token], word: Token) -> bool:
    last = words[-1]
    gap = text[last.end : word.start]
    if len(gap) > 3 or _GLUE.fullmatch(gap) is None:
        return False
    if last.name == "duration" and not (last["after"] or last["before"]):
        return False
    if word.name == "duration" and words[0].name not in ("repeat", "every"):
        return False
    if (
        "," in gap
        and word.name not in ("weekday", "part", "clock", "month")
        and not (word.name == "day" and last.name == "weekday")
    ):
        return False
    if last.name == "weekday" and word.name in ("month", "month_day", "iso"):
        return len(words) == 1  # 周日,二月十号
    return _RANKS[word.name] > _RANKS[last.name] or (last.name == "iso" and word.name == "weekday")


def _time(text: str, words: Sequence[Token]) -> bool:
    """Whether the words are a time at all: 一点 may be "a bit", 3号 a door, 后天 part of another word."""
    only = words[0]
    if len(words) > 1:
        return True
    before, after = text[max(0, only.start - 2) : only.start], text[only.end : only.end + 2]
    if only.name == "clock" and only["dot"] == "点" and text[only.start : only.end] in _A_BIT:
        return (not before and not after) or bool(
            TO.match(after) or TO.match(before[-1:]) or (after and after[0] in "前后开来见集去左")
        )
    if only.name == "clock" and not only["fen"] and (only["minute"] or only["half"]) and after[:1] == "度":
        return False
    if only.name == "day" and only["word"] == "号":
        return _day_word(before, after, only, text)
    return not (only.name == "part" and len(only["part"]) == 1)


def _day_word(before: str, after: str, only: Token, text: str) -> bool:
    if _DAY_BEFORE.search(before):
        return not _NO_DAY.match(after)
    if only.start == 0 and only.end == len(text):
        return True
    return bool(_DAY_AFTER.match(after)) and not _PLACE_AFTER.match(after)
