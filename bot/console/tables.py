"""Tables in and out: which there are, what a file would do, doing it, taking a table with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from bot import uploads
from bot.console.asking import found, here, me
from bot.console.doors import door
from bot.console.page import back, fields, show, upload
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.bounds import bounds_of
from bot.importing.exporter import EXPORTS, PERSONAL
from bot.importing.importer import Handout, Report, import_sheet
from bot.importing.kind import Kind
from bot.importing.kinds import KINDS
from bot.importing.plan import titles
from bot.importing.records import headed
from bot.importing.sheet import Sheet, read_sheet, without
from bot.importing.zipped import FileRefused
from bot.keys import APP

if TYPE_CHECKING:
    from bot.app import App

SHOWN = 50  # problems and rows on a page; the file of bad rows has all
MOST_ROWS = 50_000  # more by the command line
RIGHTS: Mapping[str, Right] = {
    "households": Right.PEOPLE_EDIT, "grids": Right.PEOPLE_EDIT, "residents": Right.PEOPLE_EDIT,
    "leaders": Right.PEOPLE_EDIT, "organisations": Right.PEOPLE_EDIT,
    "activities": Right.ACTIVITIES_RUN, "faq": Right.KNOWLEDGE_EDIT,
    "synonyms": Right.KNOWLEDGE_EDIT, "shop": Right.SHOP_RUN, "rules": Right.RULES_EDIT,
    "communities": Right.SETTINGS_EDIT, "units": Right.SETTINGS_EDIT, "members": Right.SETTINGS_EDIT,
    "categories": Right.SETTINGS_EDIT, "limits": Right.SETTINGS_EDIT, "hours": Right.SETTINGS_EDIT,
    "holidays": Right.SETTINGS_EDIT, "staff": Right.ACCOUNTS_EDIT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was read, and what it would do."""

    sheet: Sheet
    report: Report
    name: str

    @property
    def bad(self) -> frozenset[int]:
        return frozenset(problem.row for problem in self.report.problems)


def kinds_of(viewer: Viewer) -> list[Kind]:
    """The tables somebody may bring in or take, in the order they build on one another."""
    return [kind for kind in KINDS.values() if kind.name in RIGHTS and viewer.may(RIGHTS[kind.name])]


def kind_of(request: web.Request, viewer: Viewer) -> Kind:
    """404 for a table that is not there or not the viewer's."""
    return found({kind.name: kind for kind in kinds_of(viewer)}.get(request.match_info["kind"]))


def tried(
    app: App, viewer: Viewer, kind: Kind, name: str, *, overwrite: bool, dry_run: bool = True, good_only: bool = False
) -> tuple[Seen, tuple[Handout, ...]]:
    """Raises FileRefused. Blocks."""
    path = uploads.find(app, me(viewer), name)
    if path is None:
        raise FileRefused("这个文件放得太久，已经清掉了。请再传一次。")
    sheet = headed(read_sheet(path), kind)
    if len(sheet.rows) > MOST_ROWS:
        raise FileRefused(f"网页上一次最多{MOST_ROWS:,}行。更大的表请让运维用命令导入，或拆成几个文件。")
    with app.db.reading() as conn:
        bounds = bounds_of(conn, here(viewer))
    run = partial(
        import_sheet, app.db, kind.name, now=app.clock(), overwrite=overwrite, corp=app.settings.wecom_corp_id,
        bounds=bounds, actor=me(viewer), via="console",
    )  # fmt: skip
    report = run(sheet, dry_run=dry_run)
    if good_only and report.problems:
        rest = without(sheet, {problem.row for problem in report.problems})
        report = run(rest, dry_run=dry_run)
    return Seen(sheet, report, name), report.handouts


async def index(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/tables"""
    return show(request, viewer, "tables.html", kinds=kinds_of(viewer))


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/tables/<kind>"""
    return _page(request, viewer, kind_of(request, viewer))


def _page(request: web.Request, viewer: Viewer, kind: Kind, wrong: Mapping[str, str] | None = None) -> web.Response:
    return show(
        request, viewer, "tables_kind.html", status=422 if wrong else 200, kind=kind, wrong=wrong or {},
        people=any(column.key == "phone" and column.private for column in kind.columns),
        personal=kind.name in PERSONAL, out=kind.name in EXPORTS, rows=MOST_ROWS,
    )  # fmt: skip


async def preview(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/tables/<kind>: what the file would do; nothing is written."""
    app, kind = request.app[APP], kind_of(request, viewer)
    file, given = await upload(request, "file"), await fields(request)
    if file is None:
        return _page(request, viewer, kind, {"file": "请选一个 xlsx 或 csv 文件。"})
    overwrite = bool(given.get("overwrite"))
    name = await asyncio.to_thread(uploads.keep, app, me(viewer), file[1])
    try:
        seen, _ = await asyncio.to_thread(tried, app, viewer, kind, name, overwrite=overwrite)
    except FileRefused as no:
        return _page(request, viewer, kind, {"file": str(no)})
    return show(
        request, viewer, "tables_preview.html", kind=kind, seen=seen, overwrite=overwrite, titles=titles(),
        file=file[0][:80], most=SHOWN, left=len(seen.sheet.rows) - len(seen.bad), words=_words,
    )  # fmt: skip


async def confirm(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/tables/<kind>/confirm: all of it, or with good=1 all but the bad rows."""
    app, kind, given = request.app[APP], kind_of(request, viewer), await fields(request)
    try:
        seen, handouts = await asyncio.to_thread(
            tried, app, viewer, kind, given.get("name", ""), overwrite=bool(given.get("overwrite")), dry_run=False,
            good_only=bool(given.get("good")),
        )  # fmt: skip
    except FileRefused as no:
        return _page(request, viewer, kind, {"file": str(no)})
    if not seen.report.written:
        said = f"没有导入：这期间有人改了同样的内容，{seen.report.problems[0].line()}。请再传一次看看。"
        return back(request, f"/console/tables/{kind.name}", said, good=False)
    await app.refresh_register()
    return show(
        request, viewer, "tables_done.html", kind=kind, report=seen.report, titles=titles(), handouts=handouts,
        words=_words,
    )  # fmt: skip


def _words(tally: object, table: str) -> str:
    """新增 2，修改 1."""
    ended = "卸任" if table == "posts" else "结束"
    parts = (("新增", "added"), ("修改", "changed"), (ended, "ended"), ("不变", "same"))
    return "，".join(f"{word}{getattr(tally, name)}" for word, name in parts if getattr(tally, name))


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/tables", Right.TABLES, index),
        door("GET", "/console/tables/{kind}", Right.TABLES, page),
        door("POST", "/console/tables/{kind}", Right.TABLES, preview),
        door("POST", "/console/tables/{kind}/confirm", Right.TABLES, confirm),
    ]
