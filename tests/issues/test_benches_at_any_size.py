"""Benches of few rows broke off: the newest ticket was reported after NOW, few people earned more than their caps."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from storage.engine import Database
from tests.bench import numbers, points


@pytest.mark.parametrize(
    ("bench", "said"),
    [(numbers, ["--tickets", "2000"]), (points, ["--entries", "4000", "--people", "100"])],
    ids=("numbers", "points"),
)
def test_a_small_one_runs_to_its_end(
    bench: object, said: list[str], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = "postgresql" if database.postgresql else "sqlite"
    monkeypatch.setattr(bench, "opened", lambda kind: nullcontext(database))
    monkeypatch.setattr(sys, "argv", ["bench", "--database", kind, *said])
    bench.main()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("main", "option"), [(numbers.main, "--tickets"), (points.main, "--entries")])
def test_too_few_rows_are_refused_in_words(
    main: Callable[[], None], option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", option, "999"])
    with pytest.raises(SystemExit):
        main()
    assert "999 is too few to measure, at least 1,000" in capsys.readouterr().err
