"""`jushe hot` on a file and on the platform's own reports."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.evaluating.hot import found
from bot.evaluating.issues import ALIKE, ISSUES
from storage.engine import Database
from storage.recent import recent_messages
from tests.commands import cli


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    path = tmp_path / "letters.csv"
    rows = [(text, f"2026-06-0{at % 7 + 1} 08:00", f"u{at}") for at, text in enumerate(ISSUES["培训"])]
    rows += [(text, "2026-06-01", "u1") for text in ALIKE]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("内容", "时间", "用户"), *rows])
    return path


def test_of_a_file(letters: Path) -> None:
    told = run("hot", letters)
    assert told.exit_code == 0, told.output
    assert "青禾英语" in told.output
    assert "7条，7人，06-01 到 06-07" in told.output
    written = json.loads(run("hot", letters, "--json").stdout)
    assert (written["messages"], written["issues"][0]["size"]) == (19, 7)


@pytest.mark.parametrize(
    ("words", "reason"), [((), "给一个文件，或者加 --recent"), (("none.csv",), "none.csv：读不了文件")]
)
def test_refused_in_one_line(words: tuple[str, ...], reason: str) -> None:
    refused = run("hot", *words)
    assert refused.exit_code == 2
    assert reason in refused.output


def test_recent_of_an_empty_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUSHE_DATA_DIR", str(tmp_path))
    told = run("hot", "--recent")
    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("0 条，0 件热点")


def test_recent_reports(database: Database) -> None:
    assert recent_messages(database, datetime.now(UTC) - timedelta(days=1)) == []


def test_the_measure_finds_what_it_strews() -> None:
    measured = found(list(ALIKE))
    assert measured["f1"] > 0.9
    assert measured["issues"] == 6
