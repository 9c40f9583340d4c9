"""`jushe import` and `jushe export`: what is asked, what is shown; the work is in bot/importing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.bar import progress
from bot.commands.opened import fail, now, opened
from bot.importing.exporter import EXPORTS, PERSONAL, ExportRefused, export_file
from bot.importing.handouts import handout_lines, write_handouts
from bot.importing.importer import Handout, Report, import_file
from bot.importing.kinds import KINDS
from bot.importing.plan import titles
from bot.importing.records import lines
from bot.importing.tables_out import CannotWrite
from bot.importing.template import write_template
from bot.importing.zipped import FileRefused
from bot.settings import load

_SHOWN = 50  # lines on the screen; --json gives all


def register(cli: typer.Typer) -> None:
    """Add the commands to `jushe`."""
    cli.command("import")(import_)
    cli.command("export")(export)


def import_(
    kind: Annotated[str, typer.Argument(help="、".join(KINDS), metavar="KIND")],
    file: Annotated[Path | None, typer.Argument(help="xlsx 或 csv")] = None,
    template: Annotated[bool, typer.Option("--template", help="不导入，写一个空白表（默认 KIND.xlsx）")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，什么都不写")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="结果用 JSON 输出")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="姓名、手机号不同时以文件为准")] = False,
    codes: Annotated[Path | None, typer.Option("--codes", help="认领码写进这个文件（仅本人可读）")] = None,
) -> None:  # fmt: skip
    """从表格导入：所有行都对才写入，有一行不对就什么都不写，并逐行说明。"""
    if kind not in KINDS:
        fail(f"没有“{kind}”这种表。可以是：{'、'.join(KINDS)}。")
    try:
        if template:
            path = file or Path(f"{kind}.xlsx")
            write_template(kind, path)
            columns = "、".join(f"{column.title}{'*' if column.required else ''}" for column in KINDS[kind].columns)
            typer.echo(f"已写好空白表：{path}\n列（带*的必须有）：{columns}")
            return
        if file is None:
            fail(f"请给出文件，如 jushe import {kind} 表.xlsx；空白表用 jushe import --template {kind}。")
        report = _import(kind, file, dry_run=dry_run, overwrite=overwrite, codes=codes, as_json=as_json)
    except (FileRefused, CannotWrite) as error:
        if as_json:
            typer.echo(json.dumps({"kind": kind, "written": False, "error": str(error)}, ensure_ascii=False))
        fail(str(error))
    _show(report, codes, as_json=as_json)
    if report.problems:
        raise typer.Exit(2)


def _import(kind: str, file: Path, *, dry_run: bool, overwrite: bool, codes: Path | None, as_json: bool) -> Report:
    if codes is not None and codes.exists():
        raise CannotWrite(f"{codes.name} 已经存在。请换个文件名。")

    def hand_out(handouts: tuple[Handout, ...]) -> None:
        if codes is not None:
            write_handouts(codes, handouts)

    with opened() as db, progress(quiet=as_json) as tell:
        return import_file(
            db,
            kind,
            file,
            now(),
            dry_run=dry_run,
            overwrite=overwrite,
            corp=load().wecom_corp_id,
            hand_out=hand_out,
            progress=tell,
        )


def _show(report: Report, codes: Path | None, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_as_json(report, codes), ensure_ascii=False))
        return
    if report.ignored:
        typer.echo(f"没有用到的列：{'、'.join(report.ignored)}")
    wrong = lines(report.problems)
    for line in wrong[:_SHOWN]:
        typer.echo(line, err=True)
    if len(wrong) > _SHOWN:
        typer.echo(f"……还有 {len(wrong) - _SHOWN} 处，用 --json 看全部。", err=True)
    if report.problems:
        typer.echo(f"共 {report.rows} 行，{len(report.problems)} 处要改。什么都没有写入。", err=True)
        return
    typer.echo(f"{'检查通过（没有写入）' if report.dry_run else '已导入'}：{report.kind.title} {report.rows} 行")
    for table, tally in report.tally.items():
        counts = (tally.added, tally.changed, tally.ended, tally.same)
        parts = zip(("新增", "修改", "卸任" if table == "posts" else "结束", "不变"), counts, strict=True)
        typer.echo(f"  {titles()[table]}：" + "，".join(f"{word} {count}" for word, count in parts if count))
    if report.dry_run and report.newcomers:
        typer.echo(f"  将发出认领码的岗位：{report.newcomers}")
    if report.handouts and codes is not None:
        typer.echo(f"认领码已写入 {codes}（只显示这一次，请当面交给本人，发完删除）。")
    elif report.handouts:
        typer.echo("认领码（只显示这一次，请当面交给本人）：")
        for line in handout_lines(report.handouts):
            typer.echo("  " + line)


def _as_json(report: Report, codes: Path | None) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": report.kind.name,
        "rows": report.rows,
        "dry_run": report.dry_run,
        "written": report.written,
        "changes": {
            table: {"added": t.added, "changed": t.changed, "ended": t.ended, "same": t.same}
            for table, t in report.tally.items()
        },
        "problems": [
            {"row": p.row, "column": p.column, "value": p.value, "reason": p.reason} for p in report.problems
        ],
        "ignored_columns": list(report.ignored),
        "handouts": report.newcomers,
    }  # fmt: skip
    if report.handouts and codes is None:
        found["codes"] = [
            {"name": h.name, "post": h.post, "place": h.place, "code": h.code, "login": h.login}
            | ({"password": h.password} if h.password else {})
            for h in report.handouts
        ]
    return found


def export(
    kind: Annotated[str, typer.Argument(help="、".join(EXPORTS), metavar="KIND")],
    file: Annotated[Path, typer.Argument(help="xlsx 或 csv")],
    community: Annotated[str, typer.Option("--community", help="只要这个社区（12位编码）")] = "",
    unmasked: Annotated[bool, typer.Option("--unmasked", help="不遮盖姓名、手机号和诉求原文；要写理由")] = False,
    reason: Annotated[str, typer.Option("--reason", help="为什么需要，会记入日志")] = "",
    force: Annotated[bool, typer.Option("--force", help="文件已存在时覆盖")] = False,
) -> None:
    """导出成表格，打开时不会被当成公式。个人信息默认遮盖。"""
    if kind not in EXPORTS:
        fail(f"没有“{kind}”这种表。可以是：{'、'.join(EXPORTS)}。")
    try:
        with opened() as db:
            count = export_file(
                db, kind, file, now(), community=community, unmasked=unmasked, reason=reason, replace=force
            )
    except (ExportRefused, CannotWrite) as error:
        fail(str(error))
    masked = "（个人信息已遮盖）" if kind in PERSONAL and not unmasked else ""
    typer.echo(f"已导出 {count} 行到 {file}{masked}")
