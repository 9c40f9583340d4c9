"""A setting changed on a page is a table of one row: the same checks, words and log as an import."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.console.asking import here, me
from bot.console.scope import Viewer
from bot.importing.bounds import bounds_of
from bot.importing.importer import import_sheet
from bot.importing.kinds import KINDS
from bot.importing.sheet import Sheet, clean
from bot.importing.zipped import FileRefused
from bot.keys import APP


async def write(request: web.Request, viewer: Viewer, kind: str, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What is wrong, a sentence by the column's key ("" for all of it); empty when it was written."""
    app, columns = request.app[APP], KINDS[kind].columns
    sheet = Sheet(
        tuple(column.title for column in columns),
        tuple(
            (number, tuple(clean(row.get(column.key, "")) for column in columns))
            for number, row in enumerate(rows, 2)
        ),
    )

    def run() -> dict[str, str]:
        with app.db.reading() as conn:
            bounds = bounds_of(conn, here(viewer))
        try:
            report = import_sheet(
                app.db, kind, sheet, app.clock(), corp=app.settings.wecom_corp_id, bounds=bounds, actor=me(viewer),
                via="console",
            )  # fmt: skip
        except FileRefused as no:
            return {"": str(no)}
        keys = {column.title: column.key for column in columns}
        return {keys.get(problem.column, ""): f"{problem.reason}。" for problem in report.problems}

    return await asyncio.to_thread(run)
