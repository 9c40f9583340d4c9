"""`jushe train --from-desk` and `--back`: models of the desk's corrections, switched only for better ones."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.bar import progress
from bot.commands.opened import fail, opened
from bot.learning import versions
from bot.settings import load
from nlp import matter
from nlp.linear import BadModel
from nlp.local import KINDS
from storage import places
from storage.learning import taught

if TYPE_CHECKING:
    from bot.learning.desk import Compared


def from_desk(model: Path | None, *, seed: int, json_: bool) -> None:
    """Into `model` the categories; without it every kind into the data directory, where the program takes them."""
    from bot.learning.desk import previous, retrain
    from bot.learning.fit import CannotLearn

    if model is None:
        _versions(seed=seed, json_=json_)
        return
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
    typer.echo(_compared("分类", found))
    if found.switched:
        kept = f" 旧的在 {previous(model)}，换回来加 --back。" if found.present is not None else ""
        typer.echo(f"已换上：{model}。{kept}")


def _versions(*, seed: int, json_: bool) -> None:
    from bot.learning.desk import compare
    from bot.learning.fit import CannotLearn

    folder = load().data_dir / versions.FOLDER
    with opened() as db:
        with db.reading() as conn:
            register = places.load_register(conn)
        examples = {kind: [(matter(words, register), label) for words, label in taught(db, kind)] for kind in KINDS}
    done, refused = dict[str, dict[str, Any]](), list[str]()
    for kind, rows in examples.items():
        used = versions.in_use(folder, kind)
        try:
            with progress(quiet=json_) as tell:
                present = versions.read(folder, kind, used) if used else None
                found, learned = compare(rows, present, seed=seed, tell=tell, what=versions.NAMED[kind])
        except (CannotLearn, BadModel) as error:
            refused.append(str(error))
            continue
        name = versions.put(folder, kind, learned) if learned else f"{kind}-{used}"
        done[kind] = asdict(found) | {"name": name}
        if not json_:
            typer.echo(_compared(versions.NAMED[kind], found))
            if learned:
                typer.echo(f"已换上 {name}，正在运行的程序几秒内用上。换回来：jushe model use {kind}-{used}")
    if not done:
        fail(*refused)
    for line in refused if not json_ else ():
        typer.echo(line)
    if json_:
        typer.echo(json.dumps(done, ensure_ascii=False))


def _compared(what: str, found: Compared) -> str:
    now = "现在没有学过的可比" if found.present is None else f"现在的 {found.present:.4f}"
    end = "" if found.switched else "\n新的没有更好，没有换。"
    aside = f"留 {found.aside} 条来评：新的 {found.fresh:.4f}，{now}（宏平均F1）。"
    return f"改过的{what} {found.examples} 条，{aside}{end}"


def back(model: Path | None) -> None:
    from bot.learning.desk import swap_back

    if model is None:
        fail("用 jushe model list 看有哪些，用 jushe model use 名称 换回去。")
    try:
        swap_back(model)
    except FileNotFoundError as error:
        fail(str(error) if error.errno is None else f"没有 {model}。")
    typer.echo(f"换回来了：{model}。")
