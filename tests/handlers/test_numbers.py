"""The indicators by hand: what is in which denominator, what is hidden, what stands behind a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tickets.numbers import BY_KEY, KPIS, NOT_ACCEPTED, Case, Lists, Numbers, Rate, numbers, trace

PLAIN = Case(1, "202606010001", "0201", 7, 200, "T2", "已办结", datetime(2026, 6, 1, tzinfo=UTC), dispatches=1,
             contacted=True, on_time=True, solved=True, solved_answer=True, rating="满意", first_minutes=10,
             done_minutes=100)  # fmt: skip


def many(count: int, **more: object) -> list[Case]:
    return [replace(PLAIN, id=n, code=f"{n:012d}", **more) for n in range(count)]  # type: ignore[arg-type]


def rate(cases: list[Case], key: str) -> Rate:
    return next(rate for rate in numbers(cases).rates if rate.key == key)


@pytest.mark.parametrize(
    ("key", "odd", "part", "whole"),
    [
        ("response", {"contacted": False}, 9, 10),
        ("response", {"contacted": None}, 9, 9),  # not yet to be judged
        ("response", {"dispatches": 0}, 9, 9),
        ("solved", {"solved_answer": False}, 9, 10),
        ("solved", {"solved_answer": None}, 9, 9),  # silence is no answer
        ("closed", {"solved": False}, 9, 10),
        ("satisfied", {"rating": "基本满意"}, 10, 10),
        ("satisfied", {"rating": "不满意"}, 9, 10),
        ("satisfied", {"rating": ""}, 9, 9),  # unrated is never satisfied
        ("on_time", {"on_time": False}, 9, 10),
        ("on_time", {"on_time": None, "solved": False}, 9, 9),
        ("redone", {"reopened": 1}, 1, 10),
        ("returned", {"returns": 1, "dispatches": 3}, 1, 12),
        ("first_right", {"first_returned": True}, 9, 10),
        ("extended", {"extended": True}, 1, 10),
        ("hung", {"hung": True}, 1, 10),
        ("unrated", {"rating": ""}, 1, 10),
    ],
)
def test_one_of_ten(key: str, odd: dict[str, object], part: float, whole: int) -> None:
    found = rate([*many(9), *many(1, **odd)], key)
    assert (found.part, found.whole, found.value) == (part, whole, round(part / whole, 4))


@pytest.mark.parametrize("status", sorted(NOT_ACCEPTED))
def test_what_was_not_accepted_is_in_no_denominator_of_the_work(status: str) -> None:
    for kpi in KPIS:
        if kpi.key != "satisfied":
            assert kpi.count(replace(PLAIN, status=status)) == (0, 0), kpi.name


def test_fewer_than_five_say_nothing() -> None:
    for found in numbers(many(4)).rates:
        assert (found.part, found.value) == (None, None)
    assert rate(many(5), "closed").value == 1.0
    assert numbers(many(4)).done_time.mean is None


def test_solved_stands_beside_closed() -> None:
    names = [kpi.name for kpi in KPIS]
    assert abs(names.index("解决率") - names.index("办结率")) == 1


def test_times() -> None:
    cases = [replace(PLAIN, done_minutes=n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)]
    spent = numbers(cases).done_time
    assert (spent.count, spent.mean, spent.median, spent.p90) == (10, 14, 5, 9)


CASES = st.lists(
    st.builds(
        Case, st.integers(1, 99), st.just("x"), st.just("0201"), st.just(1), st.just(2), st.just("T2"),
        st.sampled_from(["处置中", "已办结", "已撤回", "待评价"]), st.just(PLAIN.opened),
        st.integers(0, 4), st.integers(0, 4), st.booleans(), st.none() | st.booleans(), st.none() | st.booleans(),
        st.booleans(), st.none() | st.booleans(), st.sampled_from(["", "满意", "基本满意", "不满意"]),
        st.integers(0, 2),
    ).filter(lambda case: case.returns <= case.dispatches),
    max_size=30,
)  # fmt: skip


@settings(deadline=None)
@given(CASES)
def test_every_number_is_the_sum_of_its_tickets(cases: list[Case]) -> None:
    counted: Numbers = numbers(cases)
    assert counted.tickets == len(cases)
    for found in counted.rates:
        behind = trace(found.key, cases)
        assert sum(whole for _, _, whole in behind) == found.whole
        if found.value is not None:
            assert found.part == sum(part for _, part, _ in behind)
            assert 0 <= found.value <= 1
    assert set(BY_KEY) == {found.key for found in counted.rates}


def test_tasks_pushed_down_are_counted_and_never_hidden() -> None:
    cases = [
        *many(2, list_basis="清单内"), *many(1, list_basis="清单外", cost=800),
        *many(1, list_basis="清单外", refused=True), *many(3),
    ]  # fmt: skip
    assert numbers(cases).lists == Lists(inside=2, outside=2, refused=1, cost=800)
