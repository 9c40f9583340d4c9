"""`jushe teach`: the small models of understanding made anew from the examples written in the repository."""

from __future__ import annotations

import importlib.util
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

import nlp
from nlp.model import NAME


def register(cli: typer.Typer) -> None:
    cli.command("teach", help="用仓库里写的例句重做随附的小模型（要装 train 附加包；几分钟）。")(teach)


def teach(out: Annotated[Path | None, typer.Option(help="写到哪里；不给就换掉随附的那一份")] = None) -> None:
    """The same examples give the same file. Raises RuntimeError where examples or scikit-learn are missing."""
    if not (files("nlp") / "training").is_dir():
        raise RuntimeError("装好的包里没有例句。请在源码目录里运行 jushe teach。")
    if importlib.util.find_spec("sklearn") is None:
        raise RuntimeError("要先装 scikit-learn：pip install 'jushe[train]'")
    from bot.teaching.fit import teach as learn

    nlp.warm()
    lesson = learn(typer.echo)
    target = out or Path(str(files("nlp") / "data" / NAME))
    target.write_bytes(lesson.data)
    typer.echo(f"{lesson.examples} 句，{lesson.features} 个特征，{len(lesson.data) // 1024} KB → {target.name}")
