"""The lunar calendar 1900–2100 (GB/T 33661-2017) as a table of facts, and the solar terms by the sun's longitude."""

from __future__ import annotations

import math
from datetime import date, timedelta

# One number a year from 1900: bits 15–4 say which of the months 1–12 have 30 days, bits 3–0 the leap month (0 none),
# bit 16 whether the leap month has 30 days. The public table of the Purple Mountain Observatory's almanac in the
# form in wide use; tests hold every new year and Mid-Autumn of 1917–2099 against the library `holidays`.
_YEARS = (
    "04bd8 04ae0 0a570 054d5 0d260 0d950 16554 056a0 09ad0 055d2 04ae0 0a5b6 0a4d0 0d250 1d255 0b540 "
    "0d6a0 0ada2 095b0 14977 04970 0a4b0 0b4b5 06a50 06d40 1ab54 02b60 09570 052f2 04970 06566 0d4a0 "
    "0ea50 06e95 05ad0 02b60 186e3 092e0 1c8d7 0c950 0d4a0 1d8a6 0b550 056a0 1a5b4 025d0 092d0 0d2b2 "
    "0a950 0b557 06ca0 0b550 15355 04da0 0a5b0 14573 052b0 0a9a8 0e950 06aa0 0aea6 0ab50 04b60 0aae4 "
    "0a570 05260 0f263 0d950 05b57 056a0 096d0 04dd5 04ad0 0a4d0 0d4d4 0d250 0d558 0b540 0b6a0 195a6 "
    "095b0 049b0 0a974 0a4b0 0b27a 06a50 06d40 0af46 0ab60 09570 04af5 04970 064b0 074a3 0ea50 06b58 "
    "05ac0 0ab60 096d5 092e0 0c960 0d954 0d4a0 0da50 07552 056a0 0abb7 025d0 092d0 0cab5 0a950 0b4a0 "
    "0baa4 0ad50 055d9 04ba0 0a5b0 15176 052b0 0a930 07954 06aa0 0ad50 05b52 04b60 0a6e6 0a4e0 0d260 "
    "0ea65 0d530 05aa0 076a3 096d0 04afb 04ad0 0a4d0 1d0b6 0d250 0d520 0dd45 0b5a0 056d0 055b2 049b0 "
    "0a577 0a4b0 0aa50 1b255 06d20 0ada0 14b63 09370 049f8 04970 064b0 168a6 0ea50 06b20 1a6c4 0aae0 "
    "0a2e0 0d2e3 0c960 0d557 0d4a0 0da50 05d55 056a0 0a6d0 055d4 052d0 0a9b8 0a950 0b4a0 0b6a6 0ad50 "
    "055a0 0aba4 0a5b0 052b0 0b273 06930 07337 06aa0 0ad50 14b55 04b60 0a570 054e4 0d160 0e968 0d520 "
    "0daa0 16aa6 056d0 04ae0 0a9d4 0a2d0 0d150 0f252 0d520"
)  # fmt: skip
_TABLE = tuple(int(word, 16) for word in _YEARS.split())
FIRST, LAST = 1900, 1900 + len(_TABLE) - 1
_NEW_YEAR_1900 = date(1900, 1, 31)
_TERMS = "小寒 大寒 立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 "
_TERMS += "小暑 大暑 立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至"
TERMS = tuple(_TERMS.split())


def _months(year: int) -> list[tuple[int, bool, int]]:
    """The months of a lunar year in order: (number, leap?, days)."""
    bits = _TABLE[year - FIRST]
    leap, found = bits & 0xF, []
    for month in range(1, 13):
        found.append((month, False, 30 if bits >> (16 - month) & 1 else 29))
        if month == leap:
            found.append((month, True, 30 if bits >> 16 & 1 else 29))
    return found


_STARTS = [_NEW_YEAR_1900]
for _year in range(FIRST, LAST + 1):
    _STARTS.append(_STARTS[-1] + timedelta(days=sum(days for _, _, days in _months(_year))))


def month_of(year: int, month: int, leap: bool = False) -> tuple[date, int] | None:
    """First day and length of a lunar month; None when there is none (闰 in another year, years out of the table)."""
    if not FIRST <= year <= LAST:
        return None
    start = _STARTS[year - FIRST]
    for number, is_leap, days in _months(year):
        if (number, is_leap) == (month, leap):
            return start, days
        start += timedelta(days=days)
    return None


def solar(year: int, month: int, day: int, leap: bool = False) -> date | None:
    """The day of the solar calendar; the 30th of a short month is its last day (大年三十 on a 29th)."""
    found = month_of(year, month, leap)
    if found is None or not 1 <= day <= 30:
        return None
    return found[0] + timedelta(days=min(day, found[1]) - 1)


def year_of(day: date) -> int:
    """The lunar year a day lies in (before the new year it is last year's)."""
    year = min(max(day.year, FIRST), LAST)
    return year - 1 if day < _STARTS[year - FIRST] and year > FIRST else year


def term(year: int, name: str) -> date:
    """The day of a solar term in China: where the sun reaches its multiple of 15° (low precision, 0.01°)."""
    at = TERMS.index(name)
    goal = (285 + 15 * at) % 360
    moment = date(year, 1, 6).toordinal() + 1721424.5 + at * 15.2184
    for _ in range(8):
        off = (goal - _sun(moment) + 180) % 360 - 180
        moment += off * 365.2422 / 360
    return date.fromordinal(math.floor(moment + 8 / 24 - 69 / 86400 - 1721424.5))


def _sun(julian: float) -> float:
    """Apparent longitude of the sun in degrees (Meeus, Astronomical Algorithms, ch. 25, low accuracy)."""
    t = (julian - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    anomaly = math.radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t * t) * math.sin(anomaly)
        + (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    return (mean + centre - 0.00569 - 0.00478 * math.sin(math.radians(125.04 - 1934.136 * t))) % 360
