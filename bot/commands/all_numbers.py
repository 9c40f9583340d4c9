"""`jushe eval --all DIR`: the table of the promised numbers, with the goal and the baseline beside each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.bar import progress
from bot.commands.opened import fail

if TYPE_CHECKING:
    from bot.evaluating.table import Row

_WIDTH = 34  # columns of the screen, a Chinese character takes two


def all_numbers(folder: Path, *, json_: bool) -> None:
    from bot.evaluating.table import measured  # what it needs is loaded only here

    if not folder.is_dir():
        fail(f"{folder} 不是目录。")
    rows: list[Row] = []
    try:
        with progress(quiet=json_) as tell:
            for row in measured(folder, tell):
                rows.append(row)
                if not json_:
                    typer.echo(_heading() + _line(row) if len(rows) == 1 else _line(row))
    except (ValueError, KeyError) as error:
        fail(f"数据读不了：{error}")
    if json_:
        typer.echo(json.dumps([_as_json(row) for row in rows], ensure_ascii=False))
        return
    missing = sorted({row.data for row in rows if row.value is None})
    if missing:
        typer.echo(f"没有这些数据，跳过了：{'、'.join(missing)}")
    reached = sum(row.reached is True for row in rows)
    typer.echo(f"{sum(row.value is not None for row in rows)} 项量过，{reached} 项达到目标。")


def _heading() -> str:
    return f"{_left('项目', _WIDTH)}{_left('数据', 20)}{'量得':>8}  {'目标':>7}   基线\n"


def _line(row: Row) -> str:
    goal = "没有目标" if row.goal is None else f"{'≥' if row.least else '≤'} {row.goal:g}"
    value = "没有数据" if row.value is None else format(row.value, row.form)
    mark = {True: "✓", False: "✗", None: " "}[row.reached]
    return f"{_left(row.what, _WIDTH)}{_left(row.data, 20)}{value:>8} {mark} {goal:>7}   {row.baseline}"


def _as_json(row: Row) -> dict[str, object]:
    return {
        "what": row.what, "data": row.data, "measured": None if row.value is None else round(row.value, 4),
        "goal": row.goal, "at_least": row.least, "baseline": row.baseline, "reached": row.reached,
    }  # fmt: skip


def _left(text: str, width: int) -> str:
    wide = sum(2 if ord(char) > 0x2E7F else 1 for char in text)
    return text + " " * max(1, width - wide)
