"""The rules of the house that the linters do not hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = sorted(p for folder in ("handlers", "nlp") for p in (ROOT / folder).rglob("*.py"))
RULES = sorted(ROOT.glob("handlers/*/rules.py")) + sorted(ROOT.glob("handlers/*/categories.py"))


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_core_reads_no_clock_and_no_chance(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "utcnow", "today") or not isinstance(node.value, ast.Name) or (
                node.value.id not in ("datetime", "date", "time")
            ), f"{path.name}:{node.lineno} reads the clock"  # fmt: skip


@pytest.mark.parametrize("path", RULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rules_import_the_standard_library_only(path: Path) -> None:
    allowed = {"__future__", "dataclasses", "enum", "datetime", "typing", "collections", "zoneinfo"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.split(".")[0] for alias in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] in allowed


@pytest.mark.parametrize("package", ["bot", "handlers", "nlp", "storage"])
def test_every_module_says_what_it_knows(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if source.strip():
            assert ast.get_docstring(ast.parse(source)), f"{path} has no docstring"


@pytest.mark.parametrize("package", ["bot", "handlers", "nlp", "storage", "tests"])
def test_no_file_is_above_250_lines(package: str) -> None:
    """A file that passes 250 lines is two files."""
    files = {path.relative_to(ROOT): path for path in (ROOT / package).rglob("*.py")}
    long = {name: lines for name, path in files.items() if (lines := len(path.read_bytes().splitlines())) > 250}
    assert not long
