"""Years, months, weeks and days: each word narrows what the words before it left open, or starts from today."""

from __future__ import annotations

from datetime import datetime, timedelta

from nlp import numbers
from nlp.types import Grain
from nlp.when import edges, festivals, lunar
from nlp.when.calendar import DAY, YEARS, day_of, midnight, monday, months_on
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

WEEKDAYS = {day: at % 7 for at, day in enumerate("一二三四五六日1234567")} | {"天": 6}
_REL_YEARS = {
    "去": -1,
    "上": -1,
    "今": 0,
    "本": 0,
    "当": 0,
    "同": 0,
    "这": 0,
    "明": 1,
    "来": 1,
    "次": 1,
    "翌": 1,
    "下": 1,
}
_REL_DAYS = {
    "今天": 0,
    "今日": 0,
    "今儿": 0,
    "本日": 0,
    "明天": 1,
    "明日": 1,
    "明儿": 1,
    "昨天": -1,
    "昨日": -1,
    "前日": -2,
    "后日": 2,
}
_NEXT_DAY = ("次日", "翌日", "第二天")
_MONTHS = {"正": 1, "冬": 11, "腊": 12}


def narrowed(word: Token, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    """The stretch that `word` leaves of `found`; None when there is no such day."""
    match word.name:
        case "iso" | "compact":
            return _day(day_of(int(word["y"]), int(word["m"]), int(word["d"])))
        case "year_month":
            return _month(int(word["y"]), int(word["m"]))
        case "year" | "years" | "rel_year":
            return _year(_year_number(word, now, anchor))
        case "month" | "month_day" | "bare_month":
            return _calendar_month(word, found, now, anchor)
        case "rel_month":
            return _rel_month(word, found, now, anchor)
        case "day":
            return _month_day(numbers.value(word["d"]) or 0, found, now, anchor)
        case "lunar_day":
            return _lunar_day(word, found, now)
        case "rel_day":
            return _rel_day(word, now, anchor)
        case "weekday" | "weekday_part":
            return _weekday(word, found, now, anchor)
        case "weeklist":
            return _weekday(word, found, now, anchor)
        case "week":
            start = monday(now, _shift(word["which"]))
            return _span(start, start + timedelta(weeks=1), "week")
        case "festival":
            return _festival(word, found, now, anchor)
        case _:
            return edges.narrowed(word, found, now)


def _span(start: datetime, end: datetime, grain: Grain, *, certain: bool = True, dated: bool = True) -> Frame:
    return Frame(start, end, grain, dated, certain=certain)


def _day(start: datetime | None, *, certain: bool = True) -> Frame | None:
    return _span(start, start + DAY, "day", certain=certain) if start else None


def _month(year: int, month: int, *, certain: bool = True) -> Frame | None:
    start = day_of(year, month, 1)
    return _span(start, months_on(start, 1), "month", certain=certain) if start else None


def _year(year: int) -> Frame | None:
    start = day_of(year, 1, 1)
    return _span(start, datetime(year + 1, 1, 1), "year") if start else None


def _shift(which: str) -> int:
    """上上 → -2, 下 → 1, 这 and nothing → 0."""
    return {"上": -1, "下": 1}.get(which[:1], 0) * len(which)


def _year_number(word: Token, now: datetime, anchor: Frame | None) -> int:
    if word.name == "rel_year":
        if word["back"] or word["ahead"]:
            many = word["back"] or word["ahead"]
            return now.year + (2 + many.count("大")) * (-1 if word["back"] else 1)
        base = anchor.start.year if anchor and word["word"][:1] in "次翌同" else now.year
        return base + _REL_YEARS[word["word"][0]]
    said = word["y"] or word["y2"]
    number = numbers.value(said[:-1] + "千" if said == "两千" else said)
    if number is None:
        return 0
    if len(said) <= 2:
        return number + (2000 if number <= (now.year + 10) % 100 else 1900)
    return number


def _calendar_month(word: Token, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    said, day = word["m"] or word["m2"], word["d"] or word["d2"]
    month = _MONTHS.get(said) or numbers.value(said) or 0
    year = found.start.year if found else None
    if word["lunar"] or word["leap"] or said in _MONTHS or day[:1] in ("初", "廿", "卅") or _mid_autumn(word):
        return _lunar_month(word, month, day, year, now)
    number = numbers.value(day) if day else None
    if year is not None:
        return _month(year, month) if number is None else _day(day_of(year, month, number))
    start = anchor.start if anchor else now
    for ahead in range(8 if number == 29 and month == 2 else 2):
        got = _month(start.year + ahead, month) if number is None else _day(day_of(start.year + ahead, month, number))
        if got is None and not (month == 2 and number == 29):
            return None
        if got is not None and got.end > midnight(start.date()):
            return got if not ahead else _unsure(got)
    return None


def _mid_autumn(word: Token) -> bool:
    return word["m"] in ("八", "8") and word["d"] == "十五" and not word["word"]


def _unsure(found: Frame) -> Frame:
    return _span(found.start, found.end, found.grain, certain=False)


def _lunar_month(word: Token, month: int, day: str, year: int | None, now: datetime) -> Frame | None:
    years: tuple[int, ...] = (
        (year,) if year is not None else (lunar.year_of(now.date()), lunar.year_of(now.date()) + 1)
    )
    if word["leap"] and year is None:
        years = tuple(range(years[0], years[0] + 20))
    for one in years:
        if not day:
            whole = lunar.month_of(one, month, bool(word["leap"]))
            got = _span(midnight(whole[0]), midnight(whole[0]) + whole[1] * DAY, "month") if whole else None
        else:
            solar = lunar.solar(one, month, lunar_number(day), bool(word["leap"]))
            got = _day(midnight(solar)) if solar else None
        if got is not None and (year is not None or got.end > now):
            return got
    return None


def lunar_number(day: str) -> int:
    """初五 → 5, 廿三 → 23, 十五 → 15."""
    return numbers.value(day.lstrip("初")) or 0


def _lunar_day(word: Token, found: Frame | None, now: datetime) -> Frame | None:
    number = lunar_number(word["d"] or word["d2"] or word["d3"])
    if word["new"] or (found is not None and found.grain == "year"):
        years = (found.start.year,) if found else (lunar.year_of(now.date()), lunar.year_of(now.date()) + 1)
        days = [lunar.solar(year, 1, number) for year in years]
    elif found is not None and found.grain == "month":
        return _day(found.start + timedelta(days=number - 1))
    else:
        here = lunar.year_of(now.date())
        days = [lunar.solar(year, month, number) for year in (here, here + 1) for month in range(1, 13)]
    solar = [day for day in days if day is not None]
    best = next((day for day in solar if found or day >= now.date()), None)
    return _day(midnight(best)) if best else None


def _rel_month(word: Token, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    which = word["which"]
    if which == "首":
        return _month((found.start if found else now).year, 1)
    base = anchor.start if anchor and which in ("次", "同") else now
    year = found.start.year if found else base.year
    start = months_on(base.replace(year=year, day=1), 1 if which == "次" else _shift(which))
    return _month(start.year, start.month)


def _month_day(number: int, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    if found is not None and found.grain == "month":
        return _day(day_of(found.start.year, found.start.month, number))
    if found is not None:
        return found
    start = anchor.start if anchor else now
    for ahead in range(3):
        base = months_on(start.replace(day=1), ahead)
        got = day_of(base.year, base.month, number)
        if got and got.date() >= start.date():
            return _day(got, certain=not ahead or anchor is not None)
    return None


def _rel_day(word: Token, now: datetime, anchor: Frame | None) -> Frame | None:
    if word["two"]:
        ahead = (2 + len(word["many"])) * (1 if word["two"] == "后" else -1)
    elif word["word"] in (*_NEXT_DAY, "当天", "当日", "同日"):
        start = midnight((anchor.start if anchor else now).date())
        return _day(start + (DAY if word["word"] in _NEXT_DAY else timedelta()))
    else:
        ahead = _REL_DAYS[word["word"]]
    return _day(midnight(now.date()) + ahead * DAY)


def _weekday(word: Token, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    if found is not None and found.grain == "day":
        return found  # 10月12号,星期一
    day = "末" if word["end"] else word["day"] or word["list"][:1]
    which = word["which"]
    base = (
        found.start
        if found is not None and found.grain == "week"
        else (anchor.start if anchor and not which else now)
    )
    start = monday(base, _shift(which)) + timedelta(days=5 if day == "末" else WEEKDAYS[day])
    length = timedelta(days=2 if day == "末" else 1)
    if not which and found is None and start + length <= midnight(base.date()):
        start += timedelta(weeks=1)
    return _span(start, start + length, "day")


def _festival(word: Token, found: Frame | None, now: datetime, anchor: Frame | None) -> Frame | None:
    name = word["name"]
    if found is not None and not YEARS[0] <= found.start.year < YEARS[1]:
        return None
    base = (anchor.start if anchor else now).date()
    got = festivals.day(name, found.start.year) if found is not None else festivals.following(name, base)
    if got is None:
        return None
    if word["off"]:
        first, last = festivals.days_off(name, got)
        return _span(midnight(first), midnight(last) + DAY, "day", certain=False)
    return _day(midnight(got))
