"""Pieces of a year or month: quarters, halves, thirds, beginnings and ends, seasons, the n-th week or day."""

from __future__ import annotations

from datetime import datetime, timedelta

from nlp import numbers
from nlp.types import Grain
from nlp.when import lunar
from nlp.when.calendar import DAY, YEARS, day_of, midnight, months_on
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

_TERMS = {"春": ("立春", "立夏"), "夏": ("立夏", "立秋"), "秋": ("立秋", "立冬"), "冬": ("立冬", "立春")}
_EDGES = {"初": (1, 5), "中": (11, 20), "底": (25, 31), "末": (25, 31), "尾": (25, 31)}  # days of the month
_YEAR_EDGES = {"初": (1, 2), "中": (6, 7), "底": (11, 12), "末": (11, 12), "尾": (11, 12)}  # months of the year


def narrowed(word: Token, found: Frame | None, now: datetime) -> Frame | None:
    """The piece of `found`, or of the present year or month where none was said."""
    match word.name:
        case "quarter":
            return _quarter(word, found, now)
        case "piece":
            return _piece(word, found)
        case "both":
            start = _whole(None, now, "year") if word["unit"] == "年" else midnight(now.date())
            years = word["unit"] == "年"
            return _span(start, months_on(start, 24) if years else start + 2 * DAY, "year" if years else "day")
        case "decade":
            return _decade(word, now)
        case "half":
            return _half(word, found, now)
        case "xun":
            month = _whole(found, now, "month")
            begin, end = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}[word["which"]]
            return _days(month, begin, end)
        case "edge" | "year_edge":
            return _edge(word, found, now)
        case "season":
            return _season(word, found, now)
        case "nth_week" | "nth_weekday" | "nth_day":
            return _nth(word, found, now)
        case _:
            return found


def _span(start: datetime, end: datetime, grain: Grain, *, certain: bool = True) -> Frame:
    return Frame(start, end, grain, certain=certain)


def _whole(found: Frame | None, now: datetime, grain: Grain) -> datetime:
    """The first moment of the year or month meant."""
    start = midnight((found.start if found else now).date()).replace(day=1)
    return start.replace(month=1) if grain == "year" else start


def _days(month: datetime, begin: int, end: int, *, certain: bool = True) -> Frame:
    last = min(month + timedelta(days=end), months_on(month, 1))
    return _span(month + timedelta(days=begin - 1), last, "day", certain=certain)


def _quarter(word: Token, found: Frame | None, now: datetime) -> Frame:
    year = _whole(found, now, "year")
    if word["first"]:
        return _span(year, months_on(year, 3 * (numbers.value(word["first"]) or 1)), "quarter")
    if word["n"]:
        start = months_on(year, 3 * ((numbers.value(word["n"]) or 1) - 1))
    else:
        which = word["which"]
        step = {"上": -1, "下": 1}.get(which[:1], 0) * len(which)
        start = months_on(_whole(None, now, "year"), 3 * ((now.month - 1) // 3 + step))
    return _span(start, months_on(start, 3), "quarter")


def _piece(word: Token, found: Frame | None) -> Frame | None:
    """前三天, 最后五天 of the month or year before it."""
    count, unit = numbers.value(word["n"]) or 1, word["unit"]
    if found is None:
        return None
    if unit in ("月", "季度"):
        months = count * (3 if unit == "季度" else 1)
        if word["first"]:
            return _span(found.start, min(months_on(found.start, months), found.end), "month")
        return _span(max(months_on(found.end, -months), found.start), found.end, "month")
    length = timedelta(days=count * (7 if unit == "周" else 1))
    if word["first"]:
        return _span(found.start, min(found.start + length, found.end), "day")
    return _span(max(found.end - length, found.start), found.end, "day")


def _decade(word: Token, now: datetime) -> Frame | None:
    """90年代 and 19世纪: the nearest such ten years not far ahead; 初, 末, 前期 a third of them."""
    said = word["n"] or word["c"]
    century = ((numbers.value(said) or 1) - 1) * 100 if said else None
    if word["which"]:
        century = now.year // 100 * 100 - (100 if word["which"] == "上" else 0)
    ten = numbers.value(word["d"]) if word["d"] else None
    length = 100 if ten is None else 10
    if century is None:
        century = now.year // 100 * 100 - (100 if (ten or 0) > now.year % 100 + 10 else 0)
    first = century + (ten or 0)
    piece = {"初": (0, 2), "前期": (0, 3), "中期": (3, 7), "末": (8, 10), "末期": (7, 10), "后期": (7, 10)}.get(
        word["edge"] or word["edge2"], (0, 10)
    )
    begin, end = (day_of(first + length * at // 10, 1, 1) for at in piece)
    return _span(begin, end, "year", certain=False) if begin and end else None


def _half(word: Token, found: Frame | None, now: datetime) -> Frame:
    second = word["which"] == "下"
    if word["unit"] == "年":
        start = months_on(_whole(found, now, "year"), 6 if second else 0)
        return _span(start, months_on(start, 6), "month")
    month = _whole(found, now, "month")
    return _days(month, 16, 31) if second else _days(month, 1, 15)


def _edge(word: Token, found: Frame | None, now: datetime) -> Frame:
    edge = word["edge"][-1:] or word["edge2"] or ("始" if word["early"] else "")
    of_year = word.name == "year_edge" or (word["unit"] != "月" and found is not None and found.grain == "year")
    if edge == "始":
        start = _whole(found, now, "year" if of_year else "month")
        return _span(start, months_on(start, 1), "month", certain=False)
    if of_year:
        first, last = _YEAR_EDGES[edge]
        year = _whole(found, now, "year")
        return _span(months_on(year, first - 1), months_on(year, last), "month", certain=False)
    if found is not None and found.grain == "quarter":
        start = found.start if edge == "初" else months_on(found.end, -1)
        return _span(start, months_on(start, 1), "month")
    return _days(_whole(found, now, "month"), *_EDGES[edge], certain=False)


def _season(word: Token, found: Frame | None, now: datetime) -> Frame | None:
    year = (found.start if found else now).year
    if not YEARS[0] < year < YEARS[1]:
        return None
    if word["school"]:
        if word["school"] == "暑假":
            return _span(datetime(year, 7, 1), datetime(year, 9, 1), "month", certain=False)
        return _span(datetime(year, 1, 15), datetime(year, 2, 21), "month", certain=False)
    first, last = _TERMS[word["season"]]
    end_year = year + 1 if word["season"] == "冬" else year
    start, end = lunar.term(year, first), lunar.term(end_year, last)
    if found is None and midnight(end) <= now:
        start, end = lunar.term(year + 1, first), lunar.term(end_year + 1, last)
    return _span(midnight(start), midnight(end), "month", certain=False)


def _nth(word: Token, found: Frame | None, now: datetime) -> Frame | None:
    which = 1 if word["first"] else numbers.value(word["n"]) if word["n"] else 0
    if found is None or found.grain not in ("year", "month"):
        return None if word.name == "nth_day" or found is None else found
    if word.name == "nth_day":
        return _inside(found.start + timedelta(days=(which or 1) - 1), DAY, found, "day")
    weekday = (
        0 if word.name == "nth_week" else {"天": 6, "日": 6}.get(word["day"], (numbers.value(word["day"]) or 1) - 1)
    )
    length = timedelta(weeks=1) if word.name == "nth_week" else DAY
    first = found.start + timedelta(days=(weekday - found.start.weekday()) % 7)
    if word["last"]:
        first = found.end - DAY
        first -= timedelta(days=(first.weekday() - weekday) % 7)
        return _span(first, first + length, "week" if length > DAY else "day")
    return _inside(first + timedelta(weeks=(which or 1) - 1), length, found, "week" if length > DAY else "day")


def _inside(start: datetime, length: timedelta, whole: Frame, grain: Grain) -> Frame | None:
    return _span(start, start + length, grain) if start < whole.end else None
