"""Lengths of time: 两个半月, 8天20小时, 三个工作日; and the moment they lead to from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from nlp import numbers
from nlp.types import Grain
from nlp.when.calendar import DAY, Workdays, days_on, midnight, monday, months_on
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

_PIECE = re.compile(
    rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}(?:\.\d)?万?|[一两]?半|[{numbers.NUMERALS}]{{1,5}}|[几数仨俩])(?:来|几)?"
    r"(?P<more>多)?个?(?P<half>半)?"
    r"(?P<unit>年|季度|月|周|星期|礼拜|天|日|工作日|交易日|小时|时|钟头|刻钟|分钟|分|秒钟?)(?P<half2>半)?(?:多)?"
)
_SECONDS = {
    "年": 365 * 86400, "季度": 91 * 86400, "月": 30 * 86400, "周": 7 * 86400, "星期": 7 * 86400, "礼拜": 7 * 86400,
    "天": 86400, "日": 86400, "工作日": 86400, "交易日": 86400, "小时": 3600, "时": 3600, "钟头": 3600, "刻钟": 900,
    "分钟": 60, "分": 60, "秒": 1, "秒钟": 1,
}  # fmt: skip
_MONTHS = {"年": 12, "季度": 3, "月": 1}
_GRAINS: dict[str, Grain] = {
    "年": "day", "季度": "day", "月": "day", "周": "day", "星期": "day", "礼拜": "day", "天": "day", "日": "day",
    "工作日": "day", "交易日": "day", "小时": "minute", "时": "minute", "钟头": "minute",
    "刻钟": "minute", "分钟": "minute",    "分": "minute", "秒": "second", "秒钟": "second",
}  # fmt: skip


def pieces(body: str) -> list[tuple[float, str]]:
    """「一年多三个月又20天」 → [(1, 年), (3, 月), (20, 天)]; 几 counts as 3, 半 as a half."""
    found = []
    for match in _PIECE.finditer(body):
        said = match["n"]
        number: float | None
        if said in ("半", "一半", "两半"):
            number = 0.5
        elif said in ("几", "数"):
            number = 3
        elif said in ("仨", "俩"):
            number = {"仨": 3, "俩": 2}[said]
        else:
            number = _written(said)
        if number is None:
            continue
        found.append((number + (0.5 if match["half"] or match["half2"] else 0), match["unit"]))
    return found


def _written(said: str) -> float | None:
    if said[0].isdigit() and said[0].isascii():
        return float(said.replace(",", "").rstrip("万")) * (10_000 if said.endswith("万") else 1)
    return numbers.value(said)


def seconds(body: str) -> float:
    """A length in seconds; a year counts 365 days, a month 30."""
    return sum(count * _SECONDS[unit] for count, unit in pieces(body))


def certain(body: str) -> bool:
    return not any(char in body for char in "几数多来")


def added(moment: datetime, body: str, workdays: Workdays, sign: int = 1) -> tuple[datetime, Grain]:
    """The moment that far on (calendar months, working days), and how exact it is."""
    grain: Grain = "day"
    for count, unit in pieces(body):
        grain = _GRAINS.get(unit, grain)
        if unit in _MONTHS:
            months = count * _MONTHS[unit]
            moment = months_on(moment, sign * min(int(months), 24_000))
            moment = days_on(moment, sign * 15 * (months % 1 * 2)) if months % 1 else moment
        elif unit in ("工作日", "交易日"):
            day = workdays.after(moment.date(), sign * int(min(count, 400)))
            moment = datetime.combine(day, moment.time())
        else:
            moment = days_on(moment, sign * count * _SECONDS[unit] / 86400)
    return moment, grain


def unit_start(now: datetime, body: str, *, ahead: bool) -> datetime:
    """Where the present year, month, week, day or hour begins (前两个月 ends there); `ahead`: the next one."""
    unit = next((unit for _, unit in pieces(body)), "天")
    day = midnight(now.date())
    if unit in _MONTHS:
        start = day.replace(day=1, month=1 if unit == "年" else day.month)
        return months_on(start, _MONTHS[unit] if unit != "季度" else 1) if ahead else start
    if unit in ("周", "星期", "礼拜"):
        return monday(now, 1 if ahead else 0)
    if _SECONDS[unit] >= 86400:
        return day + DAY if ahead else day
    length = timedelta(seconds=_SECONDS[unit])
    start = day + (now - day) // length * length
    return start + length if ahead else start


def moved(word: Token, now: datetime, workdays: Workdays) -> Frame | None:
    """三天后, 半小时前: the day or minute it leads to; None for a length alone."""
    if not (word["after"] or word["before"]):
        return None
    moment, grain = added(now, word["body"], workdays, 1 if word["after"] else -1)
    sure = certain(word["body"])
    if grain == "day":
        start = midnight(moment.date())
        return Frame(start, start + DAY, "day", certain=sure)
    return Frame(
        moment, moment + timedelta(minutes=1 if grain == "minute" else 1 / 60), grain, clock=True, certain=sure
    )
