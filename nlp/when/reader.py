"""Reads every time of a text: groups words that belong together, joins from … to …, applies 前 后 内 左右."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from nlp.types import Grain, When
from nlp.when import limits, repeats
from nlp.when.calendar import PLAIN, ZONE, Workdays, midnight
from nlp.when.frame import frame
from nlp.when.groups import TO, Group
from nlp.when.groups import groups as together
from nlp.when.tokens import Token

_AND = re.compile(r" ?[和与跟] ?")
_BETWEEN = re.compile(r"之?间")
_FROM = re.compile(r"[从自由]$")
_TIMES = 12  # times read of one message


def find(text: str, now: datetime, workdays: Workdays = PLAIN) -> tuple[When, ...]:
    """The times of a normalised text, left to right, at most twelve; `now` aware. Linear time, never raises."""
    here = now.astimezone(ZONE).replace(tzinfo=None)
    groups = list(together(text))
    found: list[When] = []
    at = 0
    while at < len(groups) and len(found) < _TIMES:
        used, when = _read(text, groups, at, here, workdays)
        if when is not None:
            found.append(when)
        at += used
    return tuple(found)


def _read(text: str, groups: list[Group], at: int, now: datetime, workdays: Workdays) -> tuple[int, When | None]:
    group = groups[at]
    first = group.words[0]
    start = group.start
    if first.name in ("repeat", "every"):
        return _repeat(text, groups, at, now, workdays)
    if first.name == "weeklist":
        return 1, None
    if first.name == "duration" and not (first["after"] or first["before"]):
        return 1, limits.length(text, first, now, workdays)
    other = groups[at + 1] if at + 1 < len(groups) else None
    if other is not None and _linked(text, group, other):
        if _weekdays(group, other):
            return _work_week(text, groups, at, now)
        return _range(text, group, other, now, workdays)
    found = frame(group.words, now, workdays=workdays)
    if found is None:
        return 1, None
    start -= bool(_FROM.search(text[:start][-1:]))
    return 1, limits.finished(text, start, group.end, found, now)


def _linked(text: str, group: Group, other: Group) -> bool:
    gap = text[group.end : other.start]
    if other.words[0].name in ("repeat", "every") or len(gap) > 5:
        return False
    if other.words[0].name == "duration" and not other.words[0]["after"]:
        return False
    return bool(TO.fullmatch(gap) or (_AND.fullmatch(gap) and _BETWEEN.match(text, other.end)))


def _weekdays(group: Group, other: Group) -> bool:
    """周一到周五上午…: every week, when hours follow."""
    one, two = group.words[0], other.words[0]
    return (
        len(group.words) == 1 and len(other.words) > 1 and one.name == two.name == "weekday"
        and not (one["which"] or two["which"] or one["end"] or two["end"] or "末" in (one["day"], two["day"]))
    )  # fmt: skip


def _work_week(text: str, groups: list[Group], at: int, now: datetime) -> tuple[int, When | None]:
    rule = repeats.between(groups[at].words[0], groups[at + 1].words[0])
    hours = groups[at + 1].words[1:]
    return _with_hours(text, groups, at + 1, groups[at].start, rule, hours, now, 2)


def _repeat(text: str, groups: list[Group], at: int, now: datetime, workdays: Workdays) -> tuple[int, When | None]:
    group = groups[at]
    rule = repeats.rule(group.words)
    if not rule:
        return 1, None
    return _with_hours(text, groups, at, group.start, rule, group.words, now, 1, workdays)


def _with_hours(
    text: str, groups: list[Group], at: int, start: int, rule: str, words: tuple[Token, ...], now: datetime,
    used: int,    workdays: Workdays = PLAIN,
) -> tuple[int, When | None]:  # fmt: skip
    """A repeat with the hours of its first time, from … to … when the next group closes it."""
    end = groups[at].end
    timed = any(
        word.name in ("part", "clock", "bare_hour", "two_hours", "day", "festival", "month", "season")
        for word in words
    )
    monthly = len(words) > 1 or timed or "BYDAY" in rule
    found = repeats.first_time(rule, words, now, workdays) if monthly else None
    if found is not None and at + 1 < len(groups) and _linked(text, groups[at], groups[at + 1]):
        last = frame(groups[at + 1].words, now, found)
        if last is not None:
            found, end, used = replace(found, end=limits.closing(last)), groups[at + 1].end, used + 1
    when = When(
        "repeat", limits.aware(found.start) if found else None, limits.aware(found.end) if found else None,
        found.grain if found else "day", rule, text=text[start:end], span=(start, end),
    )  # fmt: skip
    return used, when


def _range(text: str, group: Group, other: Group, now: datetime, workdays: Workdays) -> tuple[int, When | None]:
    # 「2:00到明天4:00」 begins today, even when it is later than that.
    dated = any(word.name in ("rel_day", "rel_part", "day", "weekday", "month") for word in other.words)
    first = frame(
        group.words, midnight(now.date()) if dated and group.words[0].name == "clock" else now, workdays=workdays
    )
    if first is None:
        return 1, None
    last = frame(other.words, now, first, workdays)
    if last is None or limits.closing(last) < first.start:
        return 1, limits.finished(text, group.start, group.end, first, now)
    start = group.start - bool(_FROM.search(text[: group.start][-1:]))
    end = other.end
    if match := re.compile(r"为?止|之?间").match(text, end):
        end = match.end()
    grain: Grain = last.grain if last.clock or last.part else first.grain
    when = When(
        "span", limits.aware(first.start), limits.aware(limits.closing(last)), grain, text=text[start:end],
        span=(start, end), certain=first.certain and last.certain,
    )  # fmt: skip
    return 2, when
