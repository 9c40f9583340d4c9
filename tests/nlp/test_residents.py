"""Messages as residents say them (residents.tsv): what is understood today is not lost tomorrow.

They have been looked at while building, so the numbers are a guard and no measure (docs/understanding.md).
"""

from __future__ import annotations

from bot.evaluating.utterances import evaluate
from tests.bench.understanding import RESIDENTS


def test_residents_are_understood_as_well_as_before() -> None:
    found = evaluate(RESIDENTS)
    assert found["messages"] >= 205
    assert found["intent"]["macro_f1"] >= 0.93
    assert found["emergency"]["missed"] == 0
    assert found["emergency"]["false"] <= 2
    assert found["category"]["top1"] >= 0.80


def test_what_is_acted_on_is_right_more_often_than_what_is_asked_about() -> None:
    intent = evaluate(RESIDENTS)["intent"]
    assert intent["sure_accuracy"] >= 0.94
    assert intent["sure_coverage"] >= 0.55
