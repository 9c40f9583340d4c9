"""Limits and duty hours: what is in force for the city or a community, and changing one of it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console import one_row
from bot.console.asking import here, me
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.bounds import WHOLE_CITY, bounds_of
from bot.importing.clocks_out import length
from bot.keys import APP
from handlers.numerals import number_in
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.limits import CLASSES, Clock, Limit
from storage import audit, duty, view_settings

PATH = "/console/settings/limits"
WHOSE = {"": "默认", "city": "全市定的", "own": "本社区定的"}
DAYS = {"work": "工作日", "weekend": "周末"}
NAMES = {
    "T0": "特急", "T1": "紧急", "T2": "一般", "T3": "较慢", "T4": "复杂", "TC": "咨询", "TW": "物业答复",
    "TX": "信访",
}  # fmt: skip
_MOST = 6  # duty periods of one day


def in_words(limit: Limit) -> str:
    """3天, 2小时 自然, 1天 累计."""
    notes = ["自然"] * (not limit.working) + ["累计"] * limit.cumulative
    return "\u00a0".join([length(limit), *notes])


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/limits?community=: "" for the whole city."""
    return await _page(request, viewer, number_in(request.query.get("community", "")), {}, {})


async def _page(
    request: web.Request, viewer: Viewer, community: int, form: dict[str, str], wrong: dict[str, str]
) -> web.Response:
    db = request.app[APP].db
    named = await asyncio.to_thread(view_settings.named, db, here(viewer))
    chosen = next((one for one in named if one[0] == community), None)
    at = chosen[0] if chosen else 0
    table = await asyncio.to_thread(view_settings.all_limits, db, at)
    periods = await asyncio.to_thread(view_settings.duty, db, at)
    history = await asyncio.to_thread(view_settings.history, db, ("limits", "hours"))
    order = [*CLASSES, *sorted(code for code in table if code not in CLASSES)]
    begin = {"of": "T2", "clock": Clock.WHOLE.value, "timing": "工作时间", "counting": "单次"}
    return show(
        request, viewer, "settings_limits.html", status=422 if wrong else 200, table=table, order=order,
        clocks=[clock.value for clock in Clock], names=NAMES, categories=CATEGORIES, words=in_words, whose=WHOSE,
        duty=periods, days=DAYS, communities=named, chosen=chosen, history=history, form={**begin, **form},
        wrong=wrong, keys={one[0]: one[2] for one in named},
    )  # fmt: skip


async def limit(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/limits: one limit; with 默认 the shipped one again."""
    given = await fields(request)
    community, code = await _community(request, viewer, given)
    row = {**given, "community": code, "length": "默认" if given.get("reset") else given.get("length", "")}
    wrong = await one_row.write(request, viewer, "limits", [row])
    if wrong:
        return await _page(request, viewer, community, given, wrong)
    return back(request, _at(community), "时限改好了。已经答应居民的日子不变。")


async def hours(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/hours: the periods of working days or weekends."""
    given = await fields(request)
    community, code = await _community(request, viewer, given)
    day = DAYS.get(given.get("day", ""), "")
    rows = [
        {"community": code, "day": day, "begin": given.get(f"begin{at}", ""), "end": given.get(f"end{at}", "")}
        for at in range(_MOST)
        if given.get(f"begin{at}") or given.get(f"end{at}")
    ]
    if not day:
        raise web.HTTPBadRequest(text="请从值班时间的页面提交。")
    if not rows:
        await asyncio.to_thread(_clear, request, viewer, community, given["day"])
        return back(request, _at(community), f"{day}的值班时间恢复成上一级的了，一分钟内生效。")
    wrong = await one_row.write(request, viewer, "hours", rows)
    if wrong:
        return back(request, _at(community), "没有改：" + "".join(wrong.values()), good=False)
    return back(request, _at(community), f"{day}的值班时间改好了，一分钟内生效；因此变动的日子会告诉居民。")


def _clear(request: web.Request, viewer: Viewer, community: int, day: str) -> None:
    """All periods left empty: what is the city's, or shipped, counts again. Only one's own community's."""
    app = request.app[APP]
    with app.db.writing() as conn:
        if not community and bounds_of(conn, here(viewer)) is not None:
            raise web.HTTPForbidden(text=WHOLE_CITY.replace("导入", "改"))
        before = duty.clear(conn, community, day)
        if before:
            body = {"what": "hours", "key": f"{community}/{day}", "before": before, "after": ""}
            audit.note(conn, "SettingChanged", body, app.clock(), via="console", actor=me(viewer))


async def _community(request: web.Request, viewer: Viewer, given: dict[str, str]) -> tuple[int, str]:
    wanted = number_in(given.get("community", ""))
    named = await asyncio.to_thread(view_settings.named, request.app[APP].db, here(viewer))
    if wanted and all(one[0] != wanted for one in named):
        raise web.HTTPNotFound(text="没有这一页。")
    return wanted, next((one[1] for one in named if one[0] == wanted), "")


def _at(community: int) -> str:
    return f"{PATH}?community={community}" if community else PATH


def routes() -> list[web.RouteDef]:
    return [
        door("GET", PATH, Right.SETTINGS_EDIT, page),
        door("POST", PATH, Right.SETTINGS_EDIT, limit),
        door("POST", "/console/settings/hours", Right.SETTINGS_EDIT, hours),
    ]
