"""Time words beside each other as one stretch of time: year, month, day, part of the day, clock narrowing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from nlp import numbers
from nlp.types import Grain
from nlp.when import dates, festivals, lengths
from nlp.when.calendar import DAY, PLAIN, Workdays, midnight, months_on
from nlp.when.stretch import Frame
from nlp.when.tokens import Token

# Bounds of the parts of the day in hours (docs/time-conventions.md).
PARTS = {part: tuple(int(hour) for hour in hours.split("-")) for part, hours in festivals.table("parts").items()}
_LATE, _NIGHT = frozenset(festivals.table("late")), frozenset(festivals.table("night"))
_PAIRS = {pair: int(hour) for pair, hour in festivals.table("pairs").items()}
_BARE_AFTERNOON = 6  # 一点 to 六点 without a part of the day are in the afternoon


def frame(
    words: Sequence[Token], now: datetime, anchor: Frame | None = None, workdays: Workdays = PLAIN
) -> Frame | None:
    """None when the words are no time (2月30日, 25点). `anchor`: the other end of a range, lends what is not said."""
    found: Frame | None = None
    moon = any(word["lunar"] for word in words)
    formal = any(word.name in ("iso", "compact", "year", "year_month") for word in words)
    for word in words:
        if moon and word.name == "month":
            word = replace(word, got={**word.got, "lunar": "农历"})
        if word.name in ("part", "rel_part", "clock", "two_hours", "bare_hour", "weekday_part"):
            found = _in_day(word, found, now, anchor, formal)
        elif word.name == "duration":
            found = lengths.moved(word, now, workdays)
        elif word.name == "now":
            found = Frame(now, now + timedelta(seconds=1), "second", clock=True)
        else:
            found = dates.narrowed(word, found, now, anchor)
        if found is None:
            return None
    return _agreeing(found, words, now)


def _agreeing(found: Frame | None, words: Sequence[Token], now: datetime) -> Frame | None:
    """A day written with its weekday (周日,2月10号) is in the year where both are true."""
    weekday = next((word["day"] for word in words if word.name == "weekday"), "")
    if (
        found is None
        or weekday not in dates.WEEKDAYS
        or not any(word.name in ("month", "month_day") for word in words)
    ):
        return found
    if any(word.name in ("year", "rel_year") for word in words):
        return found
    wanted = dates.WEEKDAYS[weekday]
    for months in (0, -12, 12):
        start = months_on(found.start, months)
        if start.weekday() == wanted and abs((start - now).days) < 500:
            return replace(found, start=start, end=start + (found.end - found.start))
    return replace(found, certain=False)


def _in_day(word: Token, found: Frame | None, now: datetime, anchor: Frame | None, formal: bool) -> Frame | None:
    day = found or _day_for(anchor, now)
    if word.name == "rel_part":
        ahead = {"明": 1, "次": 1, "昨": -1, "前": -2, "后": 2}.get(word["day"], 0)
        base = midnight((anchor.start if anchor and word["day"] == "次" else now).date()) + ahead * DAY
        return _part(Frame(base, base + DAY, "day"), word["part"])
    if word.name == "part":
        return _part(day, word["part"])
    if word.name == "weekday_part":
        return day
    return _clock(word, day, now, anchor, formal)


def _day_for(anchor: Frame | None, now: datetime) -> Frame:
    """The day of an hour said without one: the other end's, else today."""
    base = midnight((anchor.start if anchor else now).date())
    return Frame(base, base + DAY, "day", dated=False, certain=anchor is not None)


def _part(day: Frame, part: str) -> Frame:
    begin, end = PARTS[part]
    base = midnight(day.start.date())
    return replace(
        day, start=base + timedelta(hours=begin), end=base + timedelta(hours=end), grain="part", part=part,
        certain=day.certain and day.dated,
    )  # fmt: skip


def _clock(word: Token, day: Frame, now: datetime, anchor: Frame | None, formal: bool) -> Frame | None:
    """The hour; beside a written-out date (`formal`) an hour is one of 24."""
    said = word["h"] or word["h2"] or word["h3"] or ""
    hour = _PAIRS[word["pair"]] if word["pair"] else numbers.value(said)
    minute, second = _minute(word), numbers.value(word["second"] or word["second2"] or "0")
    if hour is None or hour > 24 or minute is None or minute > 59 or second is None or second > 59:
        return None
    part = day.part or (anchor.part if anchor and not day.clock else "")
    literal = bool(formal or word["h2"] or word["dot"] == "时" or said.startswith(("0", "零")))
    am = (word["am"] or word["am3"]).strip().lower()[:1]
    hour, bare = _hour(hour, part, am, literal)
    base = midnight(day.start.date())
    start = base + timedelta(hours=hour, minutes=minute, seconds=second)
    if anchor is not None and anchor.clock and start <= anchor.start:
        if bare and not day.part and start + timedelta(hours=12) > anchor.start:
            start += timedelta(hours=12)
        elif not day.dated:
            start += DAY
    certain = day.certain or not day.dated
    if anchor is None and not day.dated and start <= now:
        later = start + timedelta(hours=12)
        start, certain = (later if bare and now < later < base + timedelta(hours=22) else start + DAY), False
    grain: Grain = "second" if word["second"] or word["second2"] else "minute" if _has_minute(word) else "hour"
    length = timedelta(hours=2) if word["pair"] else {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}.get(
        grain, timedelta(seconds=1)
    )  # fmt: skip
    vague = bool(word["pair"] or word["od"] == "许" or word["whole"].startswith("多"))
    return replace(
        day, start=start, end=start + length, grain=grain, clock=True, part=part, bare=bare,
        certain=certain and not vague and not (bare and hour != 12),
    )  # fmt: skip


def _hour(hour: int, part: str, am: str, literal: bool) -> tuple[int, bool]:
    """The hour of 24, and whether it was only supposed."""
    if am:
        return hour % 12 + (12 if am == "p" else 0), False
    if part in _NIGHT and (hour <= 5 or hour == 12):
        return (24 if hour in (0, 12) else hour + (24 if part == "深夜" else 0)), False
    if part in _LATE:
        return (24 if hour == 12 and part not in ("下午", "午后") else hour + 12 if hour < 12 else hour), False
    if part in ("中午", "正午") and hour < 4:
        return hour + 12, False
    if part == "凌晨" and hour == 12:
        return 0, False
    if part or literal or hour > 12 or hour == 0:
        return hour, False
    return (hour + 12 if hour <= _BARE_AFTERNOON else hour), True


def _minute(word: Token) -> int | None:
    if word["half"]:
        return 30
    if word["quarter"]:
        return 15 * (numbers.value(word["quarter"]) or 0)
    said = word["minute"] or word["minute2"]
    if said and word["minute"] and not word["fen"] and len(said) == 1 and said not in ("十",):
        return None  # 二十点六 is a number, not a time
    return numbers.value(said) if said else 0


def _has_minute(word: Token) -> bool:
    return bool(word["half"] or word["quarter"] or word["minute"] or word["minute2"] or word["whole"] == "整")
