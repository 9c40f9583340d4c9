"""Only the module of the command that is asked for is loaded; the table of which holds which is right."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.main import get_command

from bot.cli import PARTS, program


def names(cli: typer.Typer) -> set[str]:
    return set(get_command(cli).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_holds_what_the_table_says(part: str) -> None:
    assert {frozenset(names(program(command))) for command in PARTS[part]} == {frozenset(PARTS[part])}


def test_without_a_known_command_all_are_there() -> None:
    every = {command for commands in PARTS.values() for command in commands}
    assert names(program()) == names(program("--help")) == names(program("srve")) == every


def test_the_service_does_not_carry_what_it_does_not_need() -> None:
    """Memory at rest: each of these is some megabytes that no message ever needs."""
    heavy = ("rich.progress", "psycopg", "alembic", "sklearn", "bot.learning.fit")
    code = f"import sys; from bot.cli import program; program('serve'); print(set({heavy}) & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout == "set()\n"
