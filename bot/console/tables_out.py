"""Files that leave the console: a blank table, the rows that were wrong, a table taken with a reason and a mark."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot import uploads
from bot.console import tables
from bot.console.asking import here, me, today
from bot.console.doors import door
from bot.console.page import back, fields
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.bounds import WHOLE_CITY, bounded, bounds_of
from bot.importing.exporter import EXPORTS, PERSONAL, ExportRefused, export_file
from bot.importing.sheet import MARK
from bot.importing.tables_out import write_table
from bot.importing.template import headings, notes
from bot.importing.zipped import FileRefused
from bot.keys import APP
from bot.public.pages import day_and_time

if TYPE_CHECKING:
    from bot.app import App

REASON_LEAST, REASON_MOST = 4, 100  # characters
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WHY = "不能导入的原因"  # a column the import does not know, so the file may be put right and handed in again


async def template(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/tables/<kind>/template: blank, with an example and what each column takes."""
    app, kind = request.app[APP], tables.kind_of(request, viewer)

    def write(path: Path) -> None:
        example = [[column.example for column in kind.columns]]
        write_table(path, headings(kind), example, notes=notes(kind))

    return await _file(app, viewer, f"{kind.title}空白表", write)


async def bad(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/tables/<kind>/bad/<name>: the rows that were wrong, each with why, to be put right."""
    app, kind = request.app[APP], tables.kind_of(request, viewer)
    name, overwrite = request.match_info["name"], "overwrite" in request.query
    try:
        seen, _ = await asyncio.to_thread(tables.tried, app, viewer, kind, name, overwrite=overwrite)
    except FileRefused:
        raise web.HTTPNotFound(text="这个文件放得太久，已经清掉了。请再传一次。") from None
    why: dict[int, list[str]] = {}
    for problem in seen.report.problems:
        why.setdefault(problem.row, []).append(f"{problem.column}：{problem.reason}")
    wide = len(seen.sheet.headings)

    def write(path: Path) -> None:
        rows = (
            [*cells, *[""] * (wide - len(cells)), "；".join(why[row])] for row, cells in seen.sheet.rows if row in why
        )
        write_table(path, [*seen.sheet.headings, _WHY], rows, private=True)

    return await _file(app, viewer, f"{kind.title}要改的行", write)


async def export(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/tables/<kind>/export: written down first, with who and why, then handed over."""
    app, kind, given = request.app[APP], tables.kind_of(request, viewer), await fields(request)
    where, reason = f"/console/tables/{kind.name}", given.get("reason", "")
    unmasked = bool(given.get("unmasked")) and kind.name in PERSONAL
    if kind.name not in EXPORTS:
        raise web.HTTPNotFound(text="没有这一页。")
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        return back(request, where, f"请写导出的理由，{REASON_LEAST}到{REASON_MOST}个字。", good=False)
    if unmasked and not viewer.may(Right.UNMASK):
        return back(request, where, "您的岗位只能导出遮住姓名和电话的表。", good=False)
    if not bounded(kind) and not await _whole_city(app, viewer):
        return back(request, where, WHOLE_CITY.replace("导入", "导出"), good=False)
    mark = watermark(viewer, day_and_time(app.clock()), f"{today(app).year}年", reason)

    def write(path: Path) -> None:
        export_file(
            app.db, kind.name, path, app.clock(), unmasked=unmasked, reason=reason, within=here(viewer) or (-1,),
            actor=me(viewer), via="console", mark=mark,
        )  # fmt: skip

    try:
        return await _file(app, viewer, f"{kind.title}{today(app).isoformat()}", write)
    except ExportRefused as no:
        return back(request, where, str(no), good=False)


def watermark(viewer: Viewer, at: str, year: str, reason: str) -> str:
    """The line under an exported table; an import passes it by."""
    who = f"{viewer.session.name or viewer.session.login}（{viewer.session.login}）" if viewer.session else ""
    return f"{MARK}{who} {year}{at} 导出，用途：{reason}。含个人信息的，用完请删除，不得外传。"


async def _whole_city(app: App, viewer: Viewer) -> bool:
    def ask() -> bool:
        with app.db.reading() as conn:
            return bounds_of(conn, here(viewer)) is None

    return await asyncio.to_thread(ask)


async def _file(app: App, viewer: Viewer, title: str, write: Callable[[Path], None]) -> web.Response:
    """Written beside the uploads, read, and gone from the disk again."""

    def made() -> bytes:
        path = uploads.fresh(app, me(viewer), ".xlsx")
        try:
            write(path)
            return path.read_bytes()
        finally:
            path.unlink(missing_ok=True)

    data = await asyncio.to_thread(made)
    name = f"attachment; filename*=UTF-8''{quote(title)}.xlsx"
    return web.Response(
        body=data, content_type=_XLSX, headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/tables/{kind}/template", Right.TABLES, template),
        door("GET", "/console/tables/{kind}/bad/{name}", Right.TABLES, bad),
        door("POST", "/console/tables/{kind}/export", Right.TABLES, export),
    ]
