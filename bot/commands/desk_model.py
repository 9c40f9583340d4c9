"""`jushe train --from-desk` and `--back`: a model of the desk's corrections, switched only for a better one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

from bot.commands.bar import progress
from bot.commands.opened import fail, opened
from nlp.linear import BadModel
from storage.learning import taught


def from_desk(model: Path, *, seed: int, json_: bool) -> None:
    from bot.learning.desk import previous, retrain
    from bot.learning.fit import CannotLearn

    with opened() as db:
        examples = taught(db)
    try:
        with progress(quiet=json_) as tell:
            found = retrain(examples, model, seed=seed, tell=tell)
    except (CannotLearn, BadModel) as error:
        fail(str(error))
    if json_:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    now = "还没有模型" if found.present is None else f"现在的 {found.present:.4f}"
    typer.echo(
        f"改过的分类 {found.examples} 条，留 {found.aside} 条来评：新的 {found.fresh:.4f}，{now}（宏平均F1）。"
    )
    if not found.switched:
        typer.echo("新的没有更好，没有换。")
        return
    kept = f" 旧的在 {previous(model)}，换回来加 --back。" if found.present is not None else ""
    typer.echo(f"已换上：{model}。{kept}")


def back(model: Path) -> None:
    from bot.learning.desk import swap_back

    try:
        swap_back(model)
    except FileNotFoundError as error:
        fail(str(error) if error.errno is None else f"没有 {model}。")
    typer.echo(f"换回来了：{model}。")
