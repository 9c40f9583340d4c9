"""Tables written before the examples they measure: one looked at while teaching, the others only in sum.

Nobody reads a row of unseen.tsv or blind.tsv to teach from it, so these tests name none; docs/understanding.md tells
the history.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bot.evaluating.utterances import evaluate, rows
from bot.teaching import corpus
from nlp.types import ACTIONS, INTENTS
from tests.bench.understanding import BLIND, NEIGHBOURS, UNSEEN

LONG = 6  # characters; what is shorter («我附议») anybody writes alike


@pytest.mark.parametrize("path", [NEIGHBOURS, UNSEEN], ids=["neighbours", "unseen"])
def test_understood_as_well_as_before(path: object) -> None:
    found = evaluate(path)  # type: ignore[arg-type]
    assert found["intent"]["macro_f1"] >= 0.85
    assert found["emergency"]["missed"] <= 2
    assert found["emergency"]["false"] <= 4
    assert found["category"]["top1"] >= 0.82
    assert found["category"]["top3"] >= 0.90


def test_what_was_written_blind_is_understood_as_well_as_before() -> None:
    """Harder than the others: dangers and categories in roundabout words."""
    found = evaluate(BLIND)
    assert found["intent"]["macro_f1"] >= 0.85
    assert found["emergency"]["missed"] <= 5
    assert found["emergency"]["false"] <= 1
    assert found["category"]["top1"] >= 0.72


def test_the_tables_hold_every_intent() -> None:
    both = [*rows(NEIGHBOURS), *rows(UNSEEN)]
    assert len(both) >= 400
    assert min(Counter(row.intent for row in both).values()) >= 30 and {row.intent for row in both} == set(INTENTS)


def test_no_example_is_a_row_of_what_measures_it() -> None:
    taught = {one.text for one in corpus.examples()}
    alike = sum(row.text in taught for table in (UNSEEN, BLIND) for row in rows(table) if len(row.text) >= LONG)
    assert alike == 0


def test_every_example_teaches_an_action_that_exists() -> None:
    told = {(one.intent, one.action) for one in corpus.examples() if one.intent and one.action != "other"}
    assert {(intent, action) for intent, action in told if action not in ACTIONS[intent]} == set()


def test_every_category_has_examples() -> None:
    codes = Counter(one.code for one in corpus.examples() if one.code)
    assert len(codes) >= 90
    assert all(number >= 20 for code, number in codes.items() if code != "99"), codes
