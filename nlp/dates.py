"""A day or time said in words as a moment in Asia/Shanghai. A day alone means 18:00 (end of office hours)."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from nlp import numbers

ZONE = ZoneInfo("Asia/Shanghai")
_N = rf"\d{{1,3}}|[{numbers.NUMERALS}]{{1,3}}"
_DAYS = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今早": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "后天": 2,
    "大后天": 3,
}
_WEEKDAYS = {day: at % 7 for at, day in enumerate("一二三四五六日1234567")} | {"天": 6}
_RELATIVE = re.compile("大后天|后天|明天|明日|明早|明晚|今天|今日|今晚|今早")
_AHEAD = re.compile(
    rf"(?<![月\d年])(?P<n>{_N}|半)个?(?P<unit>天|小时|钟头|周|星期|礼拜|月|日(?=之?后|以?内))(?:之?后|以后|内|之内|以内|$|[,。])"
)
_EXTEND = re.compile(rf"延(?:期|长|后|迟)?(?:到|至)?(?P<n>{_N})个?(?P<unit>天|日|小时|周|星期|月(?![\d一二三十]))")
_WEEK = re.compile(r"(?P<which>下下|下个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天1-7]|末)")
_MONTH_DAY = re.compile(rf"(?P<month>{_N})月(?P<day>{_N})[日号]?")
_ISO = re.compile(r"(?P<year>20\d{2})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})")
_DAY = re.compile(rf"(?:(?P<next>下个?月)|(?:本|这个?)月|到|至|延|^)(?P<day>{_N})[日号](?![楼幢栋单]|\d)")
_MONTH_END = re.compile(r"(?P<which>下个?)?月底|年底")
_CLOCK = re.compile(
    rf"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|今晚|明晚|今早|明早)?(?:(?P<hour>{_N})(?:[点时](?:(?P<half>半)|(?P<quarter>[一1三3])刻|(?P<minute>{_N})分?)?|:(?P<colon>\d{{2}})))"
)
_PART = re.compile("凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|今晚|明晚|今早|明早")
_PART_HOUR = {"凌晨": 6, "上午": 12, "中午": 12, "下午": 18, "傍晚": 18}
_PART_HOUR |= dict.fromkeys(("早上", "早晨", "今早", "明早"), 9) | dict.fromkeys(("晚上", "夜里", "今晚", "明晚"), 21)
_LATE = ("下午", "傍晚", "晚上", "夜里", "今晚", "明晚")
_ANY = re.compile(r"[天日周月点时号:]|星期|礼拜|今晚|明早|明晚|今早|年底|小时|20\d\d")


def until(text: str, now: datetime | None) -> datetime | None:
    """The first day or time named, aware, never before `now`'s day; None when none is named or `now` is unknown."""
    if now is None or not _ANY.search(text):
        return None
    here = now.astimezone(ZONE)
    ahead = _AHEAD.search(text) or _EXTEND.search(text)
    if ahead and ahead.group("unit") in ("小时", "钟头"):
        hours = 0.5 if ahead.group("n") == "半" else numbers.value(ahead.group("n"))
        return here + timedelta(hours=hours) if hours else None
    day = _day(text, here, ahead)
    clock = _clock(text)
    if day is None and clock is None:
        return None
    hour, minute = clock or (18, 0)
    found = (day or here).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if day is None and found <= here:
        found += timedelta(days=1)
    return found


def without(text: str) -> str:
    """The words that are left when days and times are taken out: 「到后天下午3点,等配件」 → 等配件."""
    for pattern in (_EXTEND, _AHEAD, _ISO, _MONTH_DAY, _WEEK, _MONTH_END, _RELATIVE, _DAY, _CLOCK, _PART):
        text = pattern.sub(",", text)
    return _EDGE.sub("", text)


_EDGE = re.compile(r"^(?:[\s,.;:。]|[到至前]|之前|以前|因为|原因|由于)+|[\s,.;:。到至前]+$")


def _day(text: str, here: datetime, ahead: re.Match[str] | None) -> datetime | None:
    if match := _RELATIVE.search(text):
        return here + timedelta(days=_DAYS[match.group()])
    if ahead and (count := 0 if ahead.group("n") == "半" else numbers.value(ahead.group("n"))):
        unit = ahead.group("unit")
        if unit == "月":
            return _month_on(here, count)
        return here + timedelta(days=count * (7 if unit in ("周", "星期", "礼拜") else 1))
    if match := _ISO.search(text):
        return _date(here, int(match.group("year")), int(match.group("month")), int(match.group("day")))
    if match := _MONTH_DAY.search(text):
        month, day = numbers.value(match.group("month")), numbers.value(match.group("day"))
        found = _date(here, here.year, month or 0, day or 0)
        return _date(here, here.year + 1, month or 0, day or 0) if found and found.date() < here.date() else found
    if match := _MONTH_END.search(text):
        if match.group() == "年底":
            return here.replace(month=12, day=31)
        base = _month_on(here, 1) if match.group("which") else here
        return base.replace(day=calendar.monthrange(base.year, base.month)[1])
    if match := _WEEK.search(text):
        return _weekday(here, match)
    if match := _DAY.search(text):
        day = numbers.value(match.group("day")) or 0
        base = _month_on(here, 1) if match.group("next") or day < here.day else here
        return _date(here, base.year, base.month, day)
    return None


def _weekday(here: datetime, match: re.Match[str]) -> datetime:
    target = 5 if match.group("day") == "末" else _WEEKDAYS[match.group("day")]
    monday = here - timedelta(days=here.weekday())
    which = match.group("which") or ""
    weeks = 2 if which == "下下" else 1 if which.startswith("下") else 0
    found = monday + timedelta(days=target + 7 * weeks)
    return found + timedelta(days=7) if not which and found.date() < here.date() else found


def _month_on(here: datetime, months: int) -> datetime:
    month = here.month - 1 + months
    year, month = here.year + month // 12, month % 12 + 1
    return here.replace(year=year, month=month, day=min(here.day, calendar.monthrange(year, month)[1]))


def _date(here: datetime, year: int, month: int, day: int) -> datetime | None:
    try:
        return here.replace(year=year, month=month, day=day)
    except ValueError:
        return None


def _clock(text: str) -> tuple[int, int] | None:
    for match in _CLOCK.finditer(text):
        hour = numbers.value(match.group("hour"))
        part = match.group("part") or _part_of(text)
        if hour is None or hour > 24:
            continue
        if (part in _LATE and hour < 12) or (part == "中午" and hour < 4):
            hour += 12
        minute = (
            30 if match.group("half") else numbers.value(match.group("minute") or match.group("colon") or "") or 0
        )
        if match.group("quarter"):
            minute = (numbers.value(match.group("quarter")) or 0) * 15
        return (hour % 24, minute) if minute < 60 else None
    part = _part_of(text)
    return (_PART_HOUR[part], 0) if part else None


def _part_of(text: str) -> str:
    match = _PART.search(text)
    return match.group() if match else ""
