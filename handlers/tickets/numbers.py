"""The field's indicators 指标 (domain.md §2.5) as one table: what each counts, over what; no bare percentages.

A matter counts by what its reporter saw. Rates over fewer than five are hidden; 解决率 always stands beside 办结率.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

SMALL = 5  # a rate over fewer is no rate
HALF_SATISFIED = 1.0  # how much 基本满意 counts as 满意
_STEPS = ((120, 1), (1440, 5), (14_400, 60))  # minutes: up to → rounded to
NOT_ACCEPTED = frozenset({"已撤回", "不予受理", "并案", "已并案"})  # X1 X2 X3: in no denominator


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket as the indicators see it. Minutes are whole; None: not known, or not yet to be judged.

    `contacted`: within its limit. `on_time`: done within limit and approved extension, pauses left out.
    `first_minutes`, `done_minutes`: natural time from the report.
    """

    id: int
    code: str
    category: str
    micro_grid: int
    owner: int
    level: str
    status: str
    opened: datetime
    dispatches: int = 0
    returns: int = 0  # agreed
    first_returned: bool = False  # the first dispatch went to the wrong one
    contacted: bool | None = None
    on_time: bool | None = None
    solved: bool = False  # 办结, whatever the reporter says of it
    solved_answer: bool | None = None
    rating: str = ""
    reopened: int = 0
    extended: bool = False
    hung: bool = False
    unit: int = 0  # that handles it, 0: a person of the grid or the community
    first_minutes: int | None = None
    done_minutes: int | None = None
    list_basis: str = ""  # 清单内 清单外: pushed down to the community
    cost: int = 0  # yuan, of work outside the list
    refused: bool = False  # 拒收


Count = Callable[[Case], tuple[float, int]]  # what a ticket adds to numerator and denominator


@dataclass(frozen=True, slots=True)
class Kpi:
    """`formula`: how people read it."""

    key: str
    name: str
    formula: str
    count: Count


def _share(of: Callable[[Case], bool], among: Callable[[Case], bool]) -> Count:
    def count(case: Case) -> tuple[float, int]:
        if case.status in NOT_ACCEPTED or not among(case):
            return 0, 0
        return float(of(case)), 1

    return count


def _ended(case: Case) -> bool:
    return case.solved or case.reopened > 0


def _satisfied(case: Case) -> tuple[float, int]:
    weight = {"满意": 1.0, "基本满意": HALF_SATISFIED, "不满意": 0.0}.get(case.rating)
    return (0, 0) if weight is None else (weight, 1)


def _returns(case: Case) -> tuple[float, int]:
    return (0, 0) if case.status in NOT_ACCEPTED else (case.returns, case.dispatches)


KPIS: tuple[Kpi, ...] = (
    Kpi("response", "响应率", "时限内联系了报事人 ÷ 已派单（没到时限、还没联系的不计）",
        _share(lambda c: c.contacted is True, lambda c: c.dispatches > 0 and c.contacted is not None)),
    Kpi("solved", "解决率", "报事人回答「已解决」 ÷ 回答了的报事人",
        _share(lambda c: c.solved_answer is True, lambda c: c.solved_answer is not None)),
    Kpi("closed", "办结率", "已办结 ÷ 已受理（不予受理、并案、撤回不计）",
        _share(lambda c: c.solved, lambda c: True)),
    Kpi("satisfied", "满意率", "（满意＋基本满意） ÷ 评价了的报事人；没评价不算满意", _satisfied),
    Kpi("on_time", "按时办结率", "时限加批准的延期以内办结（暂停不计） ÷ （已办结＋未办结已超时）",
        _share(lambda c: c.on_time is True, lambda c: c.on_time is not None)),
    Kpi("redone", "重办率", "退回重办过 ÷ 办结过", _share(lambda c: c.reopened > 0, _ended)),
    Kpi("returned", "退单率", "同意的退单 ÷ 派单次数", _returns),
    Kpi("first_right", "首派准确率", "第一次就派对 ÷ 已派单",
        _share(lambda c: not c.first_returned, lambda c: c.dispatches > 0)),
    Kpi("extended", "延期率", "批准过延期 ÷ 已受理", _share(lambda c: c.extended, lambda c: True)),
    Kpi("hung", "挂账率", "挂过账 ÷ 已受理", _share(lambda c: c.hung, lambda c: True)),
    Kpi("unrated", "未评价率", "没有评价 ÷ 已办结", _share(lambda c: not c.rating, lambda c: c.solved)),
)  # fmt: skip
BY_KEY = {kpi.key: kpi for kpi in KPIS}


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` None: too few to say (then `part` is hidden as well). 0.0 to 1.0."""

    key: str
    name: str
    formula: str
    part: float | None
    whole: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Times:
    """Natural minutes from the report; None over fewer than five. `median` and `p90` are rounded up."""

    count: int
    mean: int | None
    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Lists:
    """Tasks pushed down to communities, by 准入清单 (domain.md §2.1): counts, not rates. `cost` in yuan."""

    inside: int
    outside: int
    refused: int
    cost: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All indicators of some tickets."""

    tickets: int
    rates: tuple[Rate, ...]
    response_time: Times
    done_time: Times
    lists: Lists


def numbers(cases: Sequence[Case]) -> Numbers:
    accepted = [case for case in cases if case.status not in NOT_ACCEPTED]
    return Numbers(
        tickets=len(cases),
        rates=tuple(_rate(kpi, cases) for kpi in KPIS),
        response_time=_times(case.first_minutes for case in accepted),
        done_time=_times(case.done_minutes for case in accepted),
        lists=Lists(
            inside=sum(case.list_basis == "清单内" for case in cases),
            outside=sum(case.list_basis == "清单外" for case in cases),
            refused=sum(case.refused for case in cases),
            cost=sum(case.cost for case in cases),
        ),
    )


def _rate(kpi: Kpi, cases: Iterable[Case]) -> Rate:
    part, whole = 0.0, 0
    for case in cases:
        more, of = kpi.count(case)
        part, whole = part + more, whole + of
    shown = whole >= SMALL
    return Rate(
        kpi.key, kpi.name, kpi.formula, part if shown else None, whole, round(part / whole, 4) if shown else None
    )  # fmt: skip


def _times(minutes: Iterable[int | None]) -> Times:
    known = sorted(value for value in minutes if value is not None)
    count = len(known)
    if count < SMALL:
        return Times(count, None, None, None)
    middle, most = known[(count - 1) // 2], known[-(-count * 9 // 10) - 1]
    return Times(count, round(sum(known) / count), rounded_up(middle), rounded_up(most))


def rounded_up(minutes: int) -> int:
    """To the minute up to two hours, to five up to a day, to the hour up to ten days, to the day beyond.

    Up, so that 「九成在…以内」 stays true.
    """
    step = next((step for most, step in _STEPS if minutes <= most), 1440)
    return -(-minutes // step) * step


def trace(key: str, cases: Iterable[Case]) -> list[tuple[Case, float, int]]:
    """The tickets behind an indicator: what each added to its numerator and denominator. Raises KeyError."""
    count = BY_KEY[key].count
    found = ((case, *count(case)) for case in cases)
    return [(case, part, whole) for case, part, whole in found if whole]
