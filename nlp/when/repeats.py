"""Times that come again (每周六上午, 每月15号, 每隔三天, 周一到周五): an RFC 5545 rule, the first time from now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nlp import numbers
from nlp.when import lengths
from nlp.when.calendar import DAY, PLAIN, Workdays, midnight
from nlp.when.dates import WEEKDAYS
from nlp.when.frame import frame
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = dict.fromkeys(("天", "日", "晚上", "晚", "早上", "早"), "FREQ=DAILY") | {
    "年": "FREQ=YEARLY", "周": "FREQ=WEEKLY", "星期": "FREQ=WEEKLY", "月": "FREQ=MONTHLY", "小时": "FREQ=HOURLY",
    "半年": "FREQ=MONTHLY;INTERVAL=6", "季度": "FREQ=MONTHLY;INTERVAL=3",
    "工作日": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "双休日": "FREQ=WEEKLY;BYDAY=SA,SU",
    "休息日": "FREQ=WEEKLY;BYDAY=SA,SU",
}  # fmt: skip
_EACH = {
    "年": ("YEARLY", 1), "月": ("MONTHLY", 1), "季度": ("MONTHLY", 3), "天": ("DAILY", 1), "日": ("DAILY", 1),
    "周": ("WEEKLY", 1), "星期": ("WEEKLY", 1), "礼拜": ("WEEKLY", 1), "小时": ("HOURLY", 1), "钟头": ("HOURLY", 1),
    "刻钟": ("MINUTELY", 15), "分钟": ("MINUTELY", 1), "秒": ("SECONDLY", 1), "秒钟": ("SECONDLY", 1),
}  # fmt: skip


def rule(words: Sequence[Token]) -> str:
    """The rule that the first words of a repeat say, "" where they say none."""
    first, rest = words[0], words[1:]
    if first.name == "repeat":
        if first["n"]:
            return _interval(f"{first['n']}{first['unit']}")
        if first["daily"]:
            return "FREQ=DAILY" + (";INTERVAL=2" if first["daily"] != "天天" else "")
        said = _FREQUENCIES[first["days"] or first["what"]]
        if said == "FREQ=MONTHLY" and rest and rest[0].name == "day":
            return f"{said};BYMONTHDAY={int(_number(rest[0]['d']))}"
        if said == "FREQ=WEEKLY" and rest and rest[0].name in ("weekday", "weeklist"):
            return _weekly(rest[0])
        return said
    if not rest:
        return ""
    if rest[0].name in ("weekday", "weeklist"):
        return _weekly(rest[0])
    if rest[0].name == "day":
        return f"FREQ=MONTHLY;BYMONTHDAY={int(_number(rest[0]['d']))}"
    if rest[0].name == "edge":
        return "FREQ=MONTHLY;BYMONTHDAY=-1"
    return "FREQ=YEARLY"


def between(first: Token, last: Token) -> str:
    """周一到周五 → the days between, both included."""
    begin, end = WEEKDAYS[first["day"]], WEEKDAYS[last["day"]]
    days = [at % 7 for at in range(begin, begin + (end - begin) % 7 + 1)]
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[day] for day in days)


def _weekly(word: Token) -> str:
    if word["end"] or word["day"] == "末":
        return "FREQ=WEEKLY;BYDAY=SA,SU"
    said = word["list"] or word["day"]
    days = sorted({WEEKDAYS[char] for char in said if char in WEEKDAYS})
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[day] for day in days)


def _interval(body: str) -> str:
    count, unit = next(iter(lengths.pieces(body)), (1.0, "天"))
    frequency, times = _EACH.get(unit, ("DAILY", 1))
    if count % 1 and frequency == "YEARLY":
        frequency, times = "MONTHLY", 12
    elif count % 1 and frequency == "HOURLY":
        frequency, times = "MINUTELY", 60
    every = max(int(count * times), 1)
    return f"FREQ={frequency}" + (f";INTERVAL={every}" if every > 1 else "")


def _number(said: str) -> int:
    return numbers.value(said) or 1


def first_time(rule: str, words: Sequence[Token], now: datetime, workdays: Workdays = PLAIN) -> Frame | None:
    """The first such time from now: its day by the rule, its hours by the words."""
    hours = [word for word in words if word.name in ("part", "clock", "bare_hour", "two_hours", "weekday_part")]
    days = [
        word for word in words if word not in hours and word.name not in ("repeat", "every", "weeklist", "weekday")
    ]
    parts = dict(piece.partition("=")[::2] for piece in rule.split(";"))
    if "BYDAY" not in parts and "BYMONTHDAY" not in parts and days:
        return frame((*days, *hours), now, workdays=workdays)
    wanted = {_DAYS.index(day) for day in parts["BYDAY"].split(",")} if "BYDAY" in parts else None
    month_day = int(parts.get("BYMONTHDAY", "0"))
    for ahead in range(62):
        start = midnight(now.date()) + ahead * DAY
        if wanted is not None and start.weekday() not in wanted:
            continue
        if month_day and (start.day != month_day if month_day > 0 else (start + DAY).day != 1):
            continue
        day = Frame(start, start + DAY, "day")
        found = frame(hours, now, day) if hours else day
        if found is not None and found.start.date() < start.date():
            found = None
        if found is not None and (found.start > now if found.clock else found.end > now):
            return found
    return None
