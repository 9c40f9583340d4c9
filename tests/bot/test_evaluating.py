"""The measure itself: what counts as right, what a bad table is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluating.utterances import Row, evaluate, macro_f1, rows, score
from nlp.types import Understanding

HEAD = "id\tintent\turgency\tcategory\tstyle\ttext\n"


def test_numbers_of_a_small_table(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text(
        HEAD
        + "1\treport_issue\tnormal\t0201\t-\t单元门口的路灯不亮\n"
        + "2\temergency\temergency\t0704\t-\t楼道着火了\n"
        + "3\tsmalltalk_invalid\tnormal\t-\t-\t你好\n",
        encoding="utf-8",
    )
    found = evaluate(table)
    assert found["messages"] == 3
    assert found["intent"]["macro_f1"] == 1.0
    assert found["emergency"] == {"recall": 1.0, "precision": 1.0, "dangers": 1, "missed": 0, "false": 0}
    assert (found["category"]["top1"], found["category"]["messages"]) == (1.0, 2)
    assert found["wrong"] == []


def test_a_missed_danger_and_a_false_one_are_counted() -> None:
    right = Row("1", "emergency", "emergency", ("0704",), "-", "x")
    calm = Row("2", "consult", "normal", (), "neg", "y")
    found = score([(right, Understanding(intent="consult")), (calm, Understanding(urgency="emergency"))])
    assert (found["emergency"]["missed"], found["emergency"]["false"]) == (1, 1)
    assert found["emergency"]["recall"] == found["emergency"]["precision"] == 0.0
    assert [row["id"] for row in found["wrong"]] == ["1", "2"]


def test_macro_f1_weighs_every_label_alike() -> None:
    assert macro_f1([("a", "a"), ("a", "a"), ("b", "a")]) == pytest.approx((0.8 + 0.0) / 2)


@pytest.mark.parametrize(
    ("body", "words"), [("x\ty\n", "第 1 行"), (HEAD + "1\tnothing\tnormal\t-\t-\tx\n", "第 2 行")]
)
def test_a_bad_table_is_named(tmp_path: Path, body: str, words: str) -> None:
    table = tmp_path / "bad.tsv"
    table.write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        rows(table)
