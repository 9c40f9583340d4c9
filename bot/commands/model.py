"""`jushe model list` and `jushe model use NAME`: which of the models learned from the desk is heard."""

from __future__ import annotations

import json

import typer

from bot.commands.opened import fail
from bot.learning import versions
from bot.settings import load
from nlp.linear import BadModel


def register(cli: typer.Typer) -> None:
    models = typer.Typer(no_args_is_help=True, help="社区教出来的模型：看有哪些，换用哪一个。")
    models.command("list")(list_)
    models.command("use")(use)
    cli.add_typer(models, name="model")


def list_(json_: bool = typer.Option(False, "--json", help="结果用 JSON 输出")) -> None:
    """有哪些版本，正在用哪一个。"""
    found = versions.versions(load().data_dir / versions.FOLDER)
    if json_:
        rows = [
            {
                "name": one.name, "kind": one.kind, "used": one.used, "bytes": one.bytes,
                "at": one.at.isoformat() if one.at else None,
            }
            for one in found
        ]  # fmt: skip
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        about = f"{one.at:%Y-%m-%d %H:%M} UTC，{one.bytes / 1000:.0f} KB" if one.at else "只用自带的"
        typer.echo(f"{'*' if one.used else ' '} {one.name:<14}{versions.NAMED[one.kind]}  {about}")


def use(name: str = typer.Argument(help="如 category-2；category-0 是只用自带的")) -> None:
    """换用这一个；正在运行的程序几秒内换上，不用重启。"""
    try:
        chosen = versions.choose(load().data_dir / versions.FOLDER, name)
    except BadModel as error:
        fail(f"{name}：{error}")
    except ValueError as error:
        fail(str(error))
    typer.echo(f"现在用 {chosen}。正在运行的程序几秒内换上，不用重启。")
