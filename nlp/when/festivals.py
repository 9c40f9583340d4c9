"""Festivals by name and the day they fall on: fixed, lunar, by the sun, by the week; and how long they are off."""

from __future__ import annotations

from datetime import date, timedelta

from nlp.lexicon import data
from nlp.when import lunar


def table(name: str) -> dict[str, str]:
    """A line of data/festivals.txt: word → what stands after its =."""
    return _TABLES[name]


_LINES = (line.partition(": ") for line in data("festivals.txt").splitlines() if line and line[0] != "#")
_TABLES = {name: dict(pair.partition("=")[::2] for pair in words.split()) for name, _, words in _LINES}
_FIXED = table("fixed") | table("short")
_LUNAR, _EVES = table("lunar"), table("eve")
_TERMS = {name: name for name in lunar.TERMS} | {"清明节": "清明"}
_WEEKLY = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}  # month, weekday, which
# 五一, 十一 and 六一 are numbers too: known only beside a word of holidays (see data/times.txt).
LONG_NAMES = tuple(sorted({*table("fixed"), *_LUNAR, *_EVES, *_TERMS, *_WEEKLY}, key=len, reverse=True))
# Days off by law (全国年节及纪念日放假办法, 2024 revision): days before and after; the yearly 调休 notice adds to it.
_OFF = {"春节": (-1, 3), "除夕": (0, 4), "国庆": (0, 2), "国庆节": (0, 2), "劳动节": (0, 1), "五一": (0, 1)}
_OFF["十一"] = _OFF["国庆"]


def day(name: str, year: int) -> date | None:
    """The festival's day in a year (除夕 and 腊月 festivals belong to the lunar year that began in it)."""
    if fixed := _FIXED.get(name):
        return date(year, int(fixed[:2]), int(fixed[2:]))
    if moon := _LUNAR.get(name):
        return lunar.solar(year, int(moon[:2]), int(moon[2:]))
    if name in _EVES:
        new_year = lunar.solar(year + 1, 1, 1)
        return new_year - timedelta(days=1) if new_year else None
    if name in _TERMS:
        return lunar.term(year, _TERMS[name])
    if name in _WEEKLY:
        month, weekday, which = _WEEKLY[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    return None


def following(name: str, today: date) -> date | None:
    """The next such day, today included."""
    for year in range(today.year - 1, today.year + 2):
        found = day(name, year)
        if found is not None and found >= today:
            return found
    return None


def days_off(name: str, first: date) -> tuple[date, date]:
    """First and last day off of the festival that falls on `first`, by law alone."""
    before, after = _OFF.get(name, (0, 0))
    return first + timedelta(days=before), first + timedelta(days=after)
