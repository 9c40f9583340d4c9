"""`jushe understand --why`: every part says in one line what decided it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import nlp
from bot.explaining import explained
from handlers.tickets.clock import SHANGHAI
from tests.commands import cli
from tests.nlp.town import TOWN

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)
PARTS = ["intent", "category", "urgency", "place", "time", "issues"]
ROWS = [
    ("接单 0017", "intent", "staff_ops/accept：命令「接单"),
    ("弄好了", "intent", "也可能是 staff_ops/finish"),
    ("海棠花园3幢2单元302", "intent", "整句只是一个地址"),
    ("周六上午的活动我去不了了", "intent", "词「活动我去不了」"),
    ("楼道里啊", "intent", "没把握，会先问。可能是 report_issue/report"),
    ("电梯里的灯坏了", "intent", "从分类0"),
    ("声控灯不亮", "category", "0201：词「声控灯不亮」"),
    ("应急照明坏了", "category", "0201：词「应急照明」"),
    ("接单 0017", "category", "没有分类"),
    ("厨房有很浓的煤气味", "urgency", "emergency/gas：词「煤气味」"),
    ("海棠花园3幢2单元，火灾", "urgency", "emergency/fire：没有险情的词，模型看险情0.9"),
    ("万一着火怎么办", "urgency", "有词「着火」，但是"),
    ("声控灯不亮", "urgency", "normal：没有险情的词"),
    ("2幢1单元声控灯不亮", "place", "名册里有「2幢1单元」"),
    ("99幢灯坏了", "place", "像地址，名册里没有"),
    ("灯坏了", "place", "没有说"),
    ("周六上午的活动我去不了了", "time", "「周六上午」span 2026-06-06T08:00"),
    ("2幢1单元声控灯不亮,地下车库也漏水", "issues", "分成2件：0201「声控灯不亮」；0402"),
    ("声控灯不亮", "issues", "一件：0201「声控灯不亮」"),
    ("你好", "issues", "没有要办的事"),
    ("", "intent", "没有字"),
]


@pytest.mark.parametrize(("text", "part", "line"), ROWS)
def test_what_decided_a_part(text: str, part: str, line: str) -> None:
    why = explained(nlp.understand(text, TOWN, now=NOW))
    assert list(why) == PARTS
    assert line in why[part]
    assert all(why.values())
    assert not any("\n" in one for one in why.values())


def test_the_command_prints_a_line_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["understand", "--why"], input="厨房有很浓的煤气味\n灯坏了\n")
    assert done.exit_code == 0, done.output
    first, second = (json.loads(line) for line in done.output.splitlines())
    assert list(first["why"]) == list(second["why"]) == PARTS
    assert "煤气味" in first["why"]["urgency"]


def test_without_why_nothing_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "why" not in json.loads(CliRunner().invoke(cli, ["understand"], input="灯坏了\n").output)
