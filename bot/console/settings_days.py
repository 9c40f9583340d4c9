"""The calendar of a year: holidays, 调休 workdays, the operator's own days, and what is missing."""

from __future__ import annotations

import asyncio
from datetime import date
from itertools import groupby

from aiohttp import web

from bot.console import one_row
from bot.console.asking import today
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.numerals import number_in
from storage import holidays_cn, view_settings
from storage.engine import Database

PATH = "/console/settings/calendar"
KINDS = (("放假", "放假"), ("上班", "上班（补班）"), ("按国家公布", "按国家公布的，去掉我们自己定的"))


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/calendar?year="""
    return await _page(request, viewer, _year(request, request.query.get("year", "")), {}, {})


def _year(request: web.Request, text: str) -> int:
    now = today(request.app[APP]).year
    wanted = number_in(text[:4])
    return wanted if now - 5 <= wanted <= now + 2 else now


async def _page(
    request: web.Request, viewer: Viewer, year: int, form: dict[str, str], wrong: dict[str, str]
) -> web.Response:
    app = request.app[APP]
    days = await asyncio.to_thread(view_settings.year, app.db, year)
    months = [list(month) for _, month in groupby(days, key=lambda one: one.day.month)]
    history = await asyncio.to_thread(view_settings.history, app.db, ("holidays",))
    return show(
        request, viewer, "settings_calendar.html", status=422 if wrong else 200, year=year, months=months,
        missing=await asyncio.to_thread(_missing, app.db, today(app)), kinds=KINDS, wrong=wrong, history=history,
        form={"works": "放假", **form}, this=today(app).year, own=[one for one in days if one.own],
    )  # fmt: skip


def _missing(db: Database, day: date) -> tuple[int, ...]:
    with db.reading() as conn:
        return holidays_cn.missing(conn, day)


async def edit(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/calendar: one day."""
    given = await fields(request)
    year = _year(request, given.get("day", ""))
    wrong = await one_row.write(request, viewer, "holidays", [given])
    if wrong:
        return await _page(request, viewer, year, given, wrong)
    said = f"{given['day']} 改好了，一分钟内生效；因此变动的日子会告诉居民。"
    return back(request, f"{PATH}?year={year}", said)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", PATH, Right.SETTINGS_EDIT, page),
        door("POST", PATH, Right.SETTINGS_EDIT, edit),
    ]
