"""The figures of a measurement against worked examples and against what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.measure import as_json, give_or_take, measure
from bot.learning.split import apart, folds, stratified
from bot.learning.told import lines

TRUE = ["灯", "灯", "灯", "水", "水", "车"]
GIVEN = [("灯", 0.95), ("灯", 0.85), ("水", 0.55), ("水", 0.9), ("灯", 0.45), ("树", 0.35)]


def test_a_worked_example() -> None:
    found = measure(TRUE, GIVEN)
    lamp, water, car = (found.per_class[label] for label in ("灯", "水", "车"))
    assert (lamp.precision, lamp.recall, lamp.support) == (pytest.approx(2 / 3), pytest.approx(2 / 3), 3)
    assert (water.precision, water.recall, water.f1) == (0.5, 0.5, 0.5)
    assert (car.precision, car.recall, car.f1, car.support) == (0.0, 0.0, 0.0, 1)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.5 + 0) / 3)
    assert found.accuracy == 0.5
    assert found.confusion == {"水": {"水": 1, "灯": 1}, "灯": {"水": 1, "灯": 2}, "车": {"树": 1}}
    # steps of a tenth: (.95 and .9 right: .15), (.85: .15), (.55 wrong), (.45 wrong), (.35 wrong)
    assert found.ece == pytest.approx((0.15 + 0.15 + 0.55 + 0.45 + 0.35) / 6)
    assert found.at_coverage == {"0.80": pytest.approx(3 / 5), "0.90": pytest.approx(3 / 5), "0.95": 0.5}


def test_it_is_told_and_written() -> None:
    found = measure(TRUE, GIVEN)
    told = "\n".join(lines(found))
    assert "0.3889" in told
    assert "1 次  车 认成 树" in told
    written = as_json(found)
    assert written["macro_f1"] == 0.3889
    assert written["per_class"]["灯"]["support"] == 3
    assert written["confusion"]["水"] == {"水": 1, "灯": 1}


def test_few_texts_say_little() -> None:
    few, many = (
        measure(["灯"] * count, [("灯", 1.0)] * (count // 2) + [("水", 1.0)] * (count // 2)) for count in (10, 1000)
    )
    assert give_or_take(few) == pytest.approx(0.264, abs=0.01)  # Wilson, 5 of 10
    assert give_or_take(many) == pytest.approx(0.031, abs=0.001)
    assert "上下约 0.03" in next(lines(many))


@given(st.lists(st.sampled_from(["灯", "灯灯", "水", "水水", "树"]), min_size=4, max_size=60), st.integers(0, 9))
def test_what_is_judged_by_is_not_learned(texts: list[str], seed: int) -> None:
    rest, judged = apart(texts, [text[0] for text in texts], 0.3, seed)
    assert sorted([*rest, *judged]) == list(range(len(texts)))
    assert not {texts[at] for at in rest} & {texts[at] for at in judged}


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="没有可以评的文字"):
        measure([], [])


labels = st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=60)


@given(labels, st.data())
def test_always_between_nothing_and_all(true: list[str], data: st.DataObject) -> None:
    score = st.floats(0, 1)
    given_ = [(data.draw(st.sampled_from("甲乙丙丁")), data.draw(score)) for _ in true]
    found = measure(true, given_)
    shares = [found.macro_f1, found.accuracy, found.ece, *found.at_coverage.values()]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(sum(row.values()) for row in found.confusion.values()) == len(true)
    perfect = measure(true, [(label, 1.0) for label in true])
    assert (perfect.macro_f1, perfect.accuracy, perfect.ece) == (1.0, 1.0, 0.0)


@given(labels, st.floats(0.01, 0.9), st.integers(0, 5))
def test_every_label_keeps_its_share(true: list[str], aside: float, seed: int) -> None:
    rest, judged = stratified(true, aside, seed)
    assert sorted([*rest, *judged]) == list(range(len(true)))
    assert {true[at] for at in rest} == set(true)
    assert {true[at] for at in judged} == {label for label in true if true.count(label) > 1}
    assert stratified(true, aside, seed) == (rest, judged)


@given(labels, st.integers(2, 6), st.integers(0, 5))
def test_folds_are_even(true: list[str], count: int, seed: int) -> None:
    parts = folds(true, count, seed)
    assert sorted(place for part in parts for place in part) == list(range(len(true)))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    for label in set(true):
        each = [sum(true[place] == label for place in part) for part in parts]
        assert max(each) - min(each) <= 1
