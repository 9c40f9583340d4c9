"""The indicators of some communities and days, whole or by group, down to single tickets; for command and API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.tickets.categories import name as category_name
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.numbers import BY_KEY, Case, Numbers, numbers, trace
from storage import numbers_view
from storage.engine import Database

GROUPS = ("unit", "category", "micro-grid")
DAYS_MOST = 400
_DESK = "社区"


class FiguresRefused(Exception):
    """The text says what is wrong with what was asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days of the report, both included (Asia/Shanghai). `communities` None: all."""

    communities: tuple[int, ...] | None
    first: date
    last: date
    by: str = ""
    trace: str = ""


def wanted(
    communities: tuple[int, ...] | None, first: date | None, last: date | None, by: str, key: str, now: datetime
) -> Wanted:
    """With the month so far where no day is given. Raises FiguresRefused."""
    today = now.astimezone(SHANGHAI).date()
    last = last or today
    first = first or min(last, today).replace(day=1)
    if first > last:
        raise FiguresRefused("开始日期晚于结束日期，请核对。")
    if (last - first).days > DAYS_MOST:
        raise FiguresRefused(f"一次最多看{DAYS_MOST}天，请把日期缩短。")
    if by and by not in GROUPS:
        raise FiguresRefused(f"只能按 {'、'.join(GROUPS)} 分组。")
    if key and key not in BY_KEY:
        raise FiguresRefused(f"没有叫 {key[:20]} 的指标。可以是：{'、'.join(BY_KEY)}。")
    return Wanted(communities, first, last, by, key)


def report(db: Database, asked: Wanted, now: datetime) -> dict[str, Any]:
    """{"from", "to", "whole": …, "groups": [{"group", …}], "trace": [{"code", "part", "whole"}]}. Blocks."""
    found = numbers_view.cases(db, asked.communities, _moment(asked.first), _moment(asked.last, 1), now)
    out: dict[str, Any] = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), "whole": _said(found)}
    if asked.by:
        out["by"] = asked.by
        out["groups"] = [{"group": group, **_said(part)} for group, part in _grouped(db, found, asked.by)]
    if asked.trace:
        out["trace"] = [
            {"code": case.code, "part": part, "whole": whole} for case, part, whole in trace(asked.trace, found)
        ]
    return out


def _moment(day: date, ahead: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=ahead), time(), SHANGHAI)


def _said(cases: Sequence[Case]) -> dict[str, Any]:
    counted: Numbers = numbers(cases)
    return {
        "tickets": counted.tickets,
        "rates": [asdict(rate) for rate in counted.rates],
        "response_minutes": asdict(counted.response_time),
        "done_minutes": asdict(counted.done_time),
        "lists": asdict(counted.lists),
    }


def _grouped(db: Database, cases: Sequence[Case], by: str) -> list[tuple[str, list[Case]]]:
    """Groups with the most tickets first. A unit's group has what it handles; without a unit it is the person's."""
    groups: dict[tuple[str, Any], list[Case]] = defaultdict(list)
    for case in cases:
        if by == "unit":
            groups["unit" if case.unit else "person", case.unit or case.owner].append(case)
        else:
            groups[by, case.category if by == "category" else case.micro_grid].append(case)
    names: dict[tuple[str, Any], str] = {}
    for kind in {kind for kind, _ in groups}:
        keys = [key for known, key in groups if known == kind]
        if kind == "category":
            names |= {(kind, code): f"{code} {category_name(code)}" for code in keys}
        else:
            names |= {(kind, key): name for key, name in numbers_view.labels(db, kind, keys).items()}
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))
    return [(names.get(key) or (_DESK if by == "unit" else "不知道在哪里"), part) for key, part in ordered]
