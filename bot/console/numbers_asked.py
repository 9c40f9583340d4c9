"""Which days and communities a page of the numbers is asked for, from its address, and how they are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from bot.console.reckoned import month_end
from bot.figures import DAYS_MOST, FiguresRefused
from handlers.numerals import number_in
from handlers.tickets.clock import SHANGHAI
from storage.tallied import Asked

STEPS = ("", "week", "month")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`community`: 0 for all that may be looked at. `query`: the address that asks for the same."""

    asked: Asked
    community: int
    step: str
    today: date

    @property
    def query(self) -> str:
        return self.address()

    def address(self, **more: str | int) -> str:
        """The query of another page about the same days and communities."""
        given = {
            "from": self.asked.first.isoformat(), "to": self.asked.last.isoformat(),
            "community": self.community or "", "step": self.step, **more,
        }  # fmt: skip
        return urlencode({name: value for name, value in given.items() if value not in ("", 0)})

    def presets(self) -> list[tuple[str, str, bool]]:
        """(name, query, whether it is this one) of the usual stretches of time."""
        month = self.today.replace(day=1)
        before = month - timedelta(days=1)
        found = (
            ("本月", month, self.today), ("上月", before.replace(day=1), before),
            ("近四周", self.today - timedelta(days=27), self.today),
            ("近一年", self.today - timedelta(days=364), self.today),
        )  # fmt: skip
        return [
            (
                name, self.address(**{"from": first.isoformat(), "to": last.isoformat()}),
                (first, last) == (self.asked.first, self.asked.last),
            )
            for name, first, last in found
        ]  # fmt: skip

    @property
    def days(self) -> str:
        return between(self.asked.first, self.asked.last)


def wanted(query: Mapping[str, str], ours: Sequence[int], everywhere: bool, now: datetime) -> Wanted:
    """The month so far where no day is given. `everywhere`: `ours` are all there are. Raises FiguresRefused."""
    today = now.astimezone(SHANGHAI).date()
    last = _day(query.get("to", "")) or today
    first = _day(query.get("from", "")) or last.replace(day=1)
    if first > last:
        raise FiguresRefused("开始日期晚于结束日期，请核对。")
    if (last - first).days > DAYS_MOST:
        raise FiguresRefused(f"一次最多看{DAYS_MOST}天，请把日期缩短。")
    return _within(query, ours, everywhere, first, last, today)


def month(query: Mapping[str, str], ours: Sequence[int], everywhere: bool, now: datetime) -> Wanted:
    """A whole month, "2026-10"; the last one that has ended where none is given. Raises FiguresRefused."""
    today = now.astimezone(SHANGHAI).date()
    given = query.get("month", "")
    first = _day(f"{given}-01") if given else (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if first is None or first > today:
        raise FiguresRefused("这个月还没有开始，请选以前的月份。")
    return _within(query, ours, everywhere, first, min(month_end(first), today), today)


def months(today: date, count: int = 12) -> list[tuple[str, str]]:
    """("2026-11", "2026年11月") of the latest months."""
    first, found = today.replace(day=1), []
    for _ in range(count):
        found.append((f"{first:%Y-%m}", f"{first.year}年{first.month}月"))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def before(asked: Asked) -> Asked:
    """The month before the one that begins with the first day."""
    last = asked.first - timedelta(days=1)
    return Asked(asked.communities, last.replace(day=1), last)


def between(first: date, last: date) -> str:
    """2026年11月1日至25日."""
    said = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return said
    if first.year != last.year:
        return f"{said}至{last.year}年{last.month}月{last.day}日"
    return f"{said}至{last.day}日" if first.month == last.month else f"{said}至{last.month}月{last.day}日"


def _within(
    query: Mapping[str, str], ours: Sequence[int], everywhere: bool, first: date, last: date, today: date
) -> Wanted:
    chosen = number_in(query.get("community", ""))
    community = chosen if chosen in ours else 0
    communities = (community,) if community else None if everywhere else tuple(ours)
    step = query.get("step", "")
    return Wanted(Asked(communities, first, last), community, step if step in STEPS else "", today)


def _day(text: str) -> date | None:
    """None for nothing. Raises FiguresRefused, also for a day no report can be of."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not 2000 <= found.year < 2100:
        raise FiguresRefused(f"日期“{text[:20]}”看不懂，请写成 2026-11-01。")
    return found
