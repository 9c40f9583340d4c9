"""`jushe eval --all`: what is there is measured, what is missing is named; the measures measure."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.evaluating import cost, letters, policies
from bot.evaluating.table import TABLE, Row
from tests.bot.test_learn import rows as labelled
from tests.commands import cli


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def table(path: Path, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *lines])


def quiet(what: str, done: int, total: int) -> None:
    assert 0 <= done <= total


def test_missing_data_is_named(tmp_path: Path) -> None:
    told = run("eval", "--all", tmp_path)
    assert told.exit_code == 0, told.output
    assert "没有这些数据，跳过了：address_naacl2019、ncp_policy_qa、pii_cases、smp_ecdt" in told.output
    assert "0 项量过，0 项达到目标。" in told.output
    written = json.loads(run("eval", "--all", tmp_path, "--json").stdout)
    assert len(written) == sum(len(measure.lines) for measure in TABLE)
    assert {row["reached"] for row in written} == {None}


def test_what_is_there_is_measured(tmp_path: Path) -> None:
    lines = [(("train", "develop")[at % 4 == 0], label, text) for at, (text, label) in enumerate(labelled())]
    table(tmp_path / "smp_ecdt" / "train_develop.csv", ("split", "label", "text"), lines)
    told = run("eval", "--all", tmp_path)
    assert "1 项量过，1 项达到目标。" in told.output
    row = next(
        row for row in json.loads(run("eval", "--all", tmp_path, "--json").stdout) if row["data"] == "smp_ecdt"
    )
    assert row["measured"] > 0.95
    assert row["reached"] is True


def test_no_folder_and_bad_data(tmp_path: Path) -> None:
    assert "不是目录" in run("eval", "--all", tmp_path / "none").output
    table(tmp_path / "smp_ecdt" / "train_develop.csv", ("a", "b"), [("1", "2")])
    refused = run("eval", "--all", tmp_path)
    assert refused.exit_code == 2
    assert "数据读不了" in refused.output


def test_letters_are_judged_by_what_did_not_learn_them(tmp_path: Path) -> None:
    lines = [(text, label, text[:8], text) for text, label in labelled()]
    table(tmp_path / "dev.csv", ("text", "label", "title", "body"), lines)
    found = letters.category(tmp_path, quiet)
    assert found["full"] > 0.95
    assert found["head"] > 0.95
    assert 0 < found["megabytes"] < 1
    dice = random.Random(1)
    chance = [(f"第{at}件事情说不清", dice.choice("甲乙"), "", "") for at in range(80)]
    table(tmp_path / "dev.csv", ("text", "label", "title", "body"), chance)
    assert letters.category(tmp_path, quiet)["full"] < 0.8  # nothing to learn, nothing claimed


def test_a_question_finds_its_policy_only_by_others(tmp_path: Path) -> None:
    topics = ("开办费", "稳岗金", "复工返岗", "租金减免", "社保缓缴", "贷款贴息")
    lines = [
        (f"{topic}{number}", f"doc{topic}", f"{topic}第{number}条怎么规定", f"按{topic}办法第{number}款执行")
        for topic in topics
        for number in range(3)
    ]
    table(tmp_path / "dev.csv", ("id", "docid", "question", "answer"), lines)
    found = policies.evaluate(tmp_path, quiet)
    assert found["document"] == 1.0
    assert found["asked"] == 6


def test_a_goal_from_above_or_below() -> None:
    assert Row("", "", 0.5, 0.4, "", True, "").reached is True
    assert Row("", "", 0.5, 0.4, "", False, "").reached is False
    assert Row("", "", None, 0.4, "", True, "").reached is None
    assert Row("", "", 0.5, None, "", True, "").reached is None


def test_addresses_are_judged_by_rules_and_by_what_was_learned(tmp_path: Path) -> None:
    folder = tmp_path / "address_naacl2019"
    folder.mkdir()
    for name, towns in (("train", "东湖镇 南湖镇 西湖镇"), ("dev", "北湖镇")):
        rows = [
            {"text": f"{town}{number}号", "entities": [
                {"label": "town", "start": 0, "end": 3},
                {"label": "roadno", "start": 3, "end": len(f"{town}{number}号")},
            ]}
            for town in towns.split() for number in range(1, 30)
        ]  # fmt: skip
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = [
        row
        for row in json.loads(run("eval", "--all", tmp_path, "--json").stdout)
        if row["data"] == "address_naacl2019"
    ]
    learned, rules = found
    assert (learned["measured"], learned["goal"], learned["reached"]) == (1.0, 0.9, True)
    assert (rules["goal"], rules["reached"]) == (None, None)
    assert "没有目标" in next(
        line for line in run("eval", "--all", tmp_path).output.splitlines() if "只凭规则" in line
    )


def test_the_cost_is_of_a_process_of_its_own(tmp_path: Path) -> None:
    table = tmp_path / "utterances.tsv"
    head = "id\tintent\turgency\tcategory\tstyle\ttext\n"
    table.write_text(head + "1\treport_issue\tnormal\t0201\t-\t三号楼二单元的声控灯坏了两天了没人来修\n", "utf-8")
    found = cost.evaluate(table)
    assert found["messages"] == 1
    assert found["median"] > 0
    assert 20 < found["memory"] < 150
    assert found["ready"] > 0
    assert found["growth"] > 0
    table.write_text(head + "1\treport_issue\tnormal\t0201\t-\t灯坏了\n", "utf-8")
    with pytest.raises(ValueError, match="没有 15 到 25 个字的话"):
        cost.evaluate(table)
