"""What the documents name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main

from bot.alarms import RULES
from bot.settings import Settings
from tests.commands import cli

ROOT = Path(__file__).parent.parent
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`((?:bot|handlers|nlp|storage|tests)/[\w/.]+\.(?:py|txt|md))`")
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_in_the_operators_guide() -> None:
    named = set(re.findall(r"JUSHE_([A-Z_]+)", OPERATE))
    fields = {name.upper() for name in Settings.model_fields if name != "policy"}
    assert fields <= named
    assert named <= fields | {"CONFIG", "POLICY__"}


def test_every_command_is_in_the_operators_guide() -> None:
    commands = set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]
    assert {name for name in commands if f"`jushe {name}" not in OPERATE} == set()


def test_every_command_in_a_document_exists() -> None:
    commands = set(typer.main.get_command(cli).commands)  # type: ignore[attr-defined]
    for path in DOCUMENTS:
        for name in re.findall(r"(?:bin/|`)jushe ([a-z]+)", path.read_text(encoding="utf-8")):
            assert name in commands, f"{path.name} names jushe {name}"


def test_every_alarm_stands_in_the_duty_guide() -> None:
    guide = (ROOT / "docs" / "guides" / "duty.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip() for line in guide.splitlines() if line.startswith("| ")}
    assert rows - {"告警"} == {rule.title for rule in RULES}


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} → {target}"


def test_files_named_in_documents_exist() -> None:
    for path in DOCUMENTS:
        for name in _NAMED.findall(path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{path.name} names {name}"
