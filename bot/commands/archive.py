"""`jushe archive`: old records of the log into a file that can be checked at any time, out of the table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.opened import fail, now, opened
from handlers.tickets.clock import SHANGHAI
from storage import archive as archiving
from storage.chain import ChainBroken


def register(cli: typer.Typer) -> None:
    cli.command("archive", help="把三年以前的记录移到归档文件，或查对归档文件；服务不用停。")(archive)


def archive(
    files: Annotated[list[Path], typer.Argument(help="写到哪个文件；--verify 时是所有归档文件")],
    before: Annotated[datetime | None, typer.Option("--before", formats=["%Y-%m-%d"], help="哪天以前的")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="查对归档文件是否完好、前后相接，并接得上数据库")] = False,
) -> None:
    try:
        if verify:
            _verify(files)
            return
        if before is None or len(files) != 1:
            fail("请给一个文件和 --before 年-月-日；或者用 --verify 查对已有的文件。")
        with opened() as db:
            piece = archiving.write(db, files[0], before.replace(tzinfo=SHANGHAI), now())
            with typer.progressbar(length=piece.records, label="移出数据库") as bar:
                for step in archiving.take_away(db, piece):
                    bar.update(step)
    except archiving.NotArchived as error:
        fail(f"{error}。")
    except ChainBroken as broken:
        fail(f"记录链在第 {broken.position} 条断了，什么都没有归档。请先查清。")
    typer.echo(f"第 {piece.first + 1} 到 {piece.last} 条记录在 {files[0]}，请和备份一起长期保存。")


def _verify(files: list[Path]) -> None:
    pieces = []
    for file in files:
        try:
            pieces.append(archiving.read(file))
        except ChainBroken as broken:
            fail(f"{file}：第 {broken.position} 条被改过或少了。")
    with opened() as db:
        whole = archiving.fits(db, pieces)
    if not whole:
        fail("文件各自完好，但前后接不上，或接不上数据库。请把所有归档文件一起给出。")
    typer.echo(f"{sum(piece.records for piece in pieces)} 条记录完好，前后相接，并接得上数据库。")
