"""`jushe train` and `jushe eval` as they are used: files in, a model and figures out, bad rows named."""

from __future__ import annotations

import builtins
import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.importing.tables_out import write_table
from bot.learning import fit
from bot.learning.fit import learn
from nlp import linear
from tests.commands import cli

MATTERS = {
    "照明": ("楼道灯不亮", "路灯坏了两盏", "三楼的灯一闪一闪", "车库照明全黑", "感应灯没反应", "灯泡烧了"),
    "漏水": ("卫生间漏水到楼下", "屋顶渗水", "水管爆了一地水", "天花板一直滴水", "外墙渗水发霉", "地下室进水"),
    "噪音": ("半夜唱歌吵得睡不着", "工地夜里打桩", "楼上拖椅子很吵", "广场舞音响太大声", "狗一直叫", "装修电钻吵"),
}
PLACES = (
    "三幢",
    "北门",
    "五号楼",
    "中心花园",
    "二单元",
    "南区",
    "七幢门口",
    "东面",
    "十二幢",
    "车棚边",
    "西门",
    "一期",
)


def rows() -> list[tuple[str, str]]:
    found = [
        (f"{place}{words}", label) for label, several in MATTERS.items() for words in several for place in PLACES
    ]
    random.Random(7).shuffle(found)
    return found


def table(path: Path, lines: Sequence[Sequence[str]], headings: Sequence[str] = ("text", "label")) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *lines])
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return table(tmp_path / "letters.csv", rows())


def test_learns_writes_and_judges(letters: Path, tmp_path: Path) -> None:
    model = tmp_path / "letters.model"
    done = run("train", letters, "--out", model)
    assert done.exit_code == 0, done.output
    assert "学好了：216 条，3 个标签" in done.output
    assert "宏平均F1" in done.output
    judged = json.loads(run("eval", letters, "--model", model, "--json").stdout)
    assert judged["macro_f1"] > 0.98
    assert judged["texts"] == 216
    assert set(judged["per_class"]) == set(MATTERS)
    assert judged["ece"] < 0.2
    assert linear.load(model.read_bytes()).best("五幢的路灯坏了")[0] == "照明"


def test_the_same_seed_gives_the_same_file(letters: Path, tmp_path: Path) -> None:
    for name in "ab":
        assert run("train", letters, "--out", tmp_path / name, "--seed", 3).exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_judged_without_a_model(letters: Path, tmp_path: Path) -> None:
    found = json.loads(run("eval", letters, "--json").stdout)
    assert found["texts"] == 42  # a fifth of 72 a label
    other = table(tmp_path / "other.csv", [("八幢楼道灯不亮", "照明"), ("楼上漏水", "漏水")])
    judged = json.loads(run("eval", letters, "--test", other, "--json").stdout)
    assert (judged["texts"], judged["accuracy"]) == (2, 1.0)
    trained = json.loads(run("train", letters, "--out", tmp_path / "m", "--test", other, "--json").stdout)
    assert (trained["texts"], trained["learned_from"], trained["labels"]) == (2, 216, 3)


def test_judged_by_what_it_learned_is_said(letters: Path, tmp_path: Path) -> None:
    model = tmp_path / "letters.model"
    assert run("train", letters, "--out", model).exit_code == 0
    assert "这些正是模型学过的文字" in run("eval", letters, "--model", model).output
    other = table(tmp_path / "other.csv", [("八幢楼道灯不亮", "照明"), ("楼上漏水", "漏水")])
    assert "学过的文字" not in run("eval", other, "--model", model).output
    assert json.loads(run("eval", letters, "--model", model, "--json").stdout)["learned_before"] == 216
    both = table(tmp_path / "both.csv", [*rows()[:3], ("八幢楼道灯不亮", "照明")])
    for command in (("train", letters, "--out", model), ("eval", letters)):
        assert "其中 3 条是模型学过的文字" in run(*command, "--test", both).output


def test_the_same_words_are_never_both_learned_and_judged(tmp_path: Path) -> None:
    """A riddle that only rote could solve: every text stands there three times, and its label means nothing."""
    riddles = [(f"甲乙{chr(0x4E00 + at)}{chr(0x5000 + at)}", "ab"[at * at % 7 % 2]) for at in range(120)]
    found = json.loads(run("eval", table(tmp_path / "t.csv", riddles * 3), "--json").stdout)
    assert found["texts"] == 72  # a fifth of 360, three of each
    assert found["accuracy"] < 0.75
    refused = run("eval", table(tmp_path / "u.csv", [("灯坏了", "灯"), ("漏水了", "水")] * 20))
    assert refused.exit_code == 2
    assert "留不出没学过的来评" in refused.output


def test_the_same_words_with_two_labels_are_named(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [*rows(), (rows()[0][0], "噪音"), (rows()[0][0], "漏水")])
    done = run("train", path, "--out", tmp_path / "m")
    assert "处同样的文字标签不同，如第2行和第218行" in done.output or "如第2行和第219行" in done.output
    assert json.loads(run("train", path, "--out", tmp_path / "m", "--json").stdout)["disputed"] >= 1


def test_the_recipe_that_suits_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only function words and the last word tell apart is learned as speech; matters as letters."""
    monkeypatch.setattr(fit, "ENOUGH", 60)
    asked = [(f"{place}的灯{'你们呢' if at % 2 else '我们吗'}", "ab"[at % 2]) for at, place in enumerate(PLACES * 6)]
    done = run("train", table(tmp_path / "t.csv", [(f"{at}{text}", label) for at, (text, label) in enumerate(asked)]),
               "--out", tmp_path / "m")  # fmt: skip
    assert "按说的话学" in done.output
    assert "按来信学" in run("train", table(tmp_path / "l.csv", rows()), "--out", tmp_path / "m").output


def test_other_columns_and_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "letters.xlsx"
    write_table(path, ("编号", "诉求", "去向"), [(str(at), *row) for at, row in enumerate(rows())])
    named = ("--text-column", "诉求", "--label-column", "去向")
    assert run("train", path, "--out", tmp_path / "m", *named).exit_code == 0
    refused = run("train", path, "--out", tmp_path / "m")
    assert refused.exit_code == 2
    assert "找不到文字列（text）。表里有：编号、诉求、去向。用 --text-column 指定。" in refused.output


def test_bad_rows_are_all_named(tmp_path: Path) -> None:
    path = table(tmp_path / "bad.csv", [*rows(), ("", "照明"), ("没有标签的一行", ""), ("独一份", "别的")])
    refused = run("train", path, "--out", tmp_path / "m")
    assert refused.exit_code == 2
    assert "第218行：没有文字" in refused.output
    assert "第219行：没有标签" in refused.output
    assert "第220行：标签「别的」只有这一行" in refused.output
    assert not (tmp_path / "m").exists()
    assert json.loads(run("train", path, "--out", tmp_path / "m", "--json").stdout)["problems"][0]["row"] == 218
    skipped = run("train", path, "--out", tmp_path / "m", "--skip-bad")
    assert skipped.exit_code == 0
    assert "跳过了 3 行" in skipped.output


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("灯坏了", "照明")] * 3, "至少要有两种标签"),
        ([("甲", "a"), ("乙", "a"), ("丙", "b"), ("丁", "b")], "没有重复出现的词"),
    ],
)
def test_nothing_to_learn(tmp_path: Path, lines: list[tuple[str, str]], words: str) -> None:
    refused = run("train", table(tmp_path / "few.csv", lines), "--out", tmp_path / "m")
    assert refused.exit_code == 2
    assert words in refused.output


def test_what_is_no_model_is_refused(letters: Path, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"PK\x03\x04")
    refused = run("eval", letters, "--model", tmp_path / "m")
    assert refused.exit_code == 2
    assert "这不是 jushe 的模型文件" in refused.output
    assert "读不了" in run("eval", letters, "--model", tmp_path / "none").output


def test_without_the_extra(letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *args: Any, **named: Any) -> Any:
        if name.partition(".")[0] in ("sklearn", "numpy", "scipy"):
            raise ImportError(f"No module named {name!r}", name=name)
        return real(name, *args, **named)

    monkeypatch.setattr(builtins, "__import__", absent)
    refused = run("train", letters, "--out", tmp_path / "m")
    assert refused.exit_code == 2
    assert 'pip install "jushe[train]"' in refused.output


def test_the_file_says_what_the_learner_measured(letters: Path) -> None:
    """Weights in steps of a byte are as good as the floats they came from."""
    texts, labels = zip(*rows(), strict=True)
    lesson = learn(texts, labels)
    assert lesson.aside is not None
    assert lesson.aside.macro_f1 > 0.95
    again = linear.load(linear.pack(lesson.learned))
    assert all(again.best(text)[0] == label for text, label in rows())


def test_few_texts_learn_without_a_part_aside() -> None:
    lesson = learn(["灯坏了", "灯不亮", "漏水了", "漏水多"], ["灯", "灯", "水", "水"])
    assert lesson.aside is None
    assert linear.Model(lesson.learned).best("楼道灯")[0] == "灯"
