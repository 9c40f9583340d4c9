"""The table of faults names what exists; the mutants still fit the program."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tests.faults.causes import CAUSES
from tests.faults.mutants import MUTANTS, ROOT, Mutant

TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (F\d+[ah]?) \|(.*)$", TEXT, re.MULTILINE)


def test_every_fault_has_a_row_and_every_row_a_test() -> None:
    assert [number for number, _ in ROWS if number[-1].isdigit()] == [f"F{number}" for number in range(1, 25)]
    for number, row in ROWS:
        assert "::test_" in row, f"{number} is shown by nothing"


def test_every_test_named_exists() -> None:
    for path, name in re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT):
        assert re.search(rf"def {name}\(", (ROOT / path).read_text(encoding="utf-8")), f"{path}::{name}"


def test_every_command_named_exists() -> None:
    known = {cause.number for cause in CAUSES}
    for module, only in re.findall(r"`python -m (tests[\w.]+)(?: --only ([\w,]+))?`", TEXT):
        assert importlib.util.find_spec(module), module
        assert set(filter(None, only.split(","))) <= known, only
    assert all(f"--only {number}" in TEXT or f",{number}" in TEXT for number in known)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_fits(mutant: Mutant) -> None:
    text = Path(ROOT, mutant.file).read_text(encoding="utf-8")
    assert [old for old, _ in mutant.change if old not in text] == []
    assert Path(ROOT, mutant.test.split()[0]).is_file()
