"""What the pages of the numbers show of some communities and days, read from the kept sums; no page, no words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.tickets.categories import name as category_name
from handlers.tickets.numbers import Numbers, Rate
from storage import numbers_view, tallied
from storage.engine import Database
from storage.tallied import Asked, Effort

LABELS = {"micro_grid": "micro-grid", "unit": "unit", "community": "community"}
WEEKS_MOST = 100  # days up to which a trend goes by weeks


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week or a month of the trend; days included."""

    first: date
    last: date
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Group:
    """A category, micro-grid, unit or community; `key` as storage has it, `of` one of tallied.GROUPS."""

    of: str
    key: str
    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Everything a page says. `groups` by `of`, those with the most tickets first."""

    asked: Asked
    whole: Numbers
    trend: tuple[Stretch, ...]
    groups: Mapping[str, tuple[Group, ...]]
    effort: Effort

    def rate(self, key: str) -> Rate:
        return rate_of(self.whole, key)


def rate_of(numbers: Numbers, key: str) -> Rate:
    """One indicator. Raises StopIteration for an unknown one."""
    return next(rate for rate in numbers.rates if rate.key == key)


def reckoned(db: Database, asked: Asked, step: str = "") -> Reckoned:
    """`step`: week or month; "": as the length of the days suggests. Blocks."""
    bounds = steps(asked.first, asked.last, step)
    told = tallied.stretches(tallied.by_day(db, asked), bounds)
    near = "micro_grid" if asked.communities is not None and len(asked.communities) == 1 else "community"
    return Reckoned(
        asked=asked,
        whole=tallied.whole(db, asked),
        trend=tuple(Stretch(*days, numbers) for days, numbers in zip(bounds, told, strict=True)),
        groups={of: _groups(db, asked, of) for of in ("category", near, "unit")},
        effort=tallied.effort(db, asked),
    )


def steps(first: date, last: date, step: str = "") -> list[tuple[date, date]]:
    """Weeks from Monday to Sunday or calendar months, cut at both ends of the days asked for."""
    by_month = step == "month" or (not step and (last - first).days > WEEKS_MOST)
    found, start = [], first
    while start <= last:
        end = min(month_end(start) if by_month else start + timedelta(days=6 - start.weekday()), last)
        found.append((start, end))
        start = end + timedelta(days=1)
    return found


def month_end(day: date) -> date:
    """The last day of its month."""
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def _groups(db: Database, asked: Asked, of: str) -> tuple[Group, ...]:
    found = tallied.by_group(db, asked, of)
    names = _names(db, of, [key for key, _ in found])
    return tuple(Group(of, key, names.get(key) or _unnamed(of), numbers) for key, numbers in found)


def _names(db: Database, of: str, keys: Sequence[str]) -> dict[str, str]:
    if of == "category":
        return {key: category_name(key) for key in keys}
    return {str(key): name for key, name in numbers_view.labels(db, LABELS[of], [int(key) for key in keys]).items()}


def _unnamed(of: str) -> str:
    return {"micro_grid": "不在微网格内", "unit": "单位不详", "community": "社区还不知道"}.get(of, "未分类")
