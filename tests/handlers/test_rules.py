"""The state table cell by cell, the limits, the categories (domain.md §2.2, §2.4, §2.7)."""

from __future__ import annotations

from itertools import product

import pytest

from handlers.tickets import categories, rules
from handlers.tickets.limits import CLASSES
from handlers.tickets.rules import MOVES, OPEN, Action, Status, WrongState, move

CLOSED = frozenset(Status) - OPEN


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_every_cell(status: Status, action: Action) -> None:
    if (status, action) in MOVES:
        assert move(status, action) is MOVES[status, action]
    else:
        with pytest.raises(WrongState) as wrong:
            move(status, action)
        assert (wrong.value.status, wrong.value.action) == (status, action)


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_what_is_closed_takes_no_work(status: Status) -> None:
    for action in (Action.ACCEPT, Action.VISIT, Action.SOLVE, Action.RETURN, Action.EXTEND):
        assert (status, action) not in MOVES


def test_a_withdrawn_ticket_is_never_touched_again() -> None:
    kept = (Status.WITHDRAWN, Status.ARCHIVED)
    assert not [key for key, to in MOVES.items() if key[0] in kept and to is not key[0]]


def test_every_open_state_can_be_withdrawn_urged_and_added_to() -> None:
    for status, action in product(OPEN, (Action.WITHDRAW, Action.URGE, Action.ADD)):
        assert (status, action) in MOVES


def test_ninety_codes_in_fourteen_groups_and_other() -> None:
    codes = set(categories.CATEGORIES) - {categories.OTHER}
    assert len(codes) == 90
    assert {code[:2] for code in codes} == set(categories.GROUPS) - {"99"}
    for category in categories.CATEGORIES.values():
        assert {category.lead, *category.assist} <= set(categories.UNITS)
    assert {c.level for c in categories.CATEGORIES.values()} <= set(CLASSES)


@pytest.mark.parametrize(
    ("base", "urgency", "level"),
    [
        ("T2", "normal", "T2"),
        ("T2", "urgent", "T1"),
        ("T3", "urgent", "T1"),
        ("TC", "urgent", "T1"),
        ("T1", "urgent", "T1"),
        ("T3", "emergency", "T0"),
        ("T0", "normal", "T0"),
    ],
)
def test_level(base: str, urgency: str, level: str) -> None:
    assert rules.level(base, urgency) == level
