"""Units and their people: what there is, a new one, where it serves, who is in it, who is not any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from sqlalchemy import Connection

from bot.console import one_row
from bot.console.asking import found, here, hidden, me, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.bounds import WHOLE_CITY, bounds_of
from bot.importing.plan_units import ROLE_NAMES
from bot.keys import APP
from handlers.numerals import number_in
from handlers.tickets.categories import UNITS
from storage import audit, view_settings, view_units
from storage.places import community_names
from storage.view_units import InHand

PATH = "/console/settings/units"
ROLES = {role.value: name for role, name in ROLE_NAMES.items()}
_CHOICES = (("办事员", "办事员"), ("负责人", "负责人"), ("指挥室", "指挥室（街道）"))


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/units"""
    return await _page(request, viewer, {}, {})


async def _page(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    db = request.app[APP].db
    rows = await asyncio.to_thread(view_units.listed, db)
    history = await asyncio.to_thread(view_settings.history, db, ("units", "members"))
    return show(
        request, viewer, "settings_units.html", status=422 if wrong else 200, rows=rows, kinds=UNITS, form=form,
        wrong=wrong, options=[(name, name) for name in UNITS.values()], history=history,
        places=await asyncio.to_thread(community_names, db, here(viewer)),
    )  # fmt: skip


async def add(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/units: a new unit, or another name, phone or area of one."""
    given = await fields(request)
    wrong = await one_row.write(request, viewer, "units", [given])
    if wrong:
        return await _page(request, viewer, given, wrong)
    await _note(request, viewer, "units", given["code"], f"{given['name']}，{given['kind']}，{given['scope']}")
    return back(request, PATH, f"{given['name']}已记下。")


async def unit(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/units/<id>"""
    return await _unit(request, viewer, {}, {})


async def _unit(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    db = request.app[APP].db
    row = found(next(iter(await asyncio.to_thread(view_units.listed, db, number(request))), None))
    history = await asyncio.to_thread(view_settings.history, db, ("units", "members"), row.code)
    return show(
        request, viewer, "settings_unit.html", status=422 if wrong else 200, unit=row, kinds=UNITS, roles=ROLES,
        form={"role": "指挥室" if row.kind == "JD" else "办事员", **form}, wrong=wrong, hidden=hidden,
        options=[(name, name) for name in UNITS.values()], history=history, choices=_CHOICES,
    )  # fmt: skip


async def member(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/units/<id>/members: somebody joins."""
    given, db = await fields(request), request.app[APP].db
    row = found(next(iter(await asyncio.to_thread(view_units.listed, db, number(request))), None))
    wrong = await one_row.write(request, viewer, "members", [{**given, "unit": row.code}])
    if wrong:
        return await _unit(request, viewer, given, wrong)
    await _note(request, viewer, "members", row.code, f"加入：{hidden(given['name'])}，{given['role']}")
    return back(request, f"{PATH}/{row.id}", f"{given['name']}已加入{row.name}。")


async def leave(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/units/<id>/leave: somebody is no member any more."""
    given, unit_id = await fields(request), number(request)
    person = number_in(given.get("person", ""))
    return await _away(
        request, viewer, "members", "退出：",
        lambda conn: hidden(view_units.end_member(conn, unit_id, person, request.app[APP].clock())),
    )  # fmt: skip


async def area(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/units/<id>/area: a place is not served any more."""
    given, unit_id = await fields(request), number(request)
    wanted = number_in(given.get("area", ""))
    return await _away(
        request, viewer, "units", "不再服务：", lambda conn: view_units.end_area(conn, unit_id, wanted)
    )  # fmt: skip


async def _away(
    request: web.Request, viewer: Viewer, what: str, said: str, work: Callable[[Connection], str]
) -> web.Response:
    app, unit_id = request.app[APP], number(request)
    row = found(next(iter(await asyncio.to_thread(view_units.listed, app.db, unit_id)), None))

    def run() -> str:
        with app.db.writing() as conn:
            if bounds_of(conn, here(viewer)) is not None:
                raise InHand(WHOLE_CITY.replace("导入", "改"))
            gone = work(conn)
            if gone:
                body = {"what": what, "key": row.code, "before": "", "after": f"{said}{gone}"}
                audit.note(conn, "SettingChanged", body, app.clock(), via="console", actor=me(viewer))
            return gone

    try:
        gone = await asyncio.to_thread(run)
    except InHand as no:
        return back(request, f"{PATH}/{unit_id}", str(no), good=False)
    if not gone:
        return back(request, f"{PATH}/{unit_id}", "已经没有了，可能刚刚被别人改过。", good=False)
    return back(request, f"{PATH}/{unit_id}", f"{said}{gone}。")


async def _note(request: web.Request, viewer: Viewer, what: str, key: str, after: str) -> None:
    app = request.app[APP]
    body = {"what": what, "key": key, "before": "", "after": after[:200]}

    def write() -> None:
        with app.db.writing() as conn:
            audit.note(conn, "SettingChanged", body, app.clock(), via="console", actor=me(viewer))

    await asyncio.to_thread(write)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", PATH, Right.SETTINGS_EDIT, page),
        door("POST", PATH, Right.SETTINGS_EDIT, add),
        door("GET", PATH + "/{id}", Right.SETTINGS_EDIT, unit),
        door("POST", PATH + "/{id}/members", Right.SETTINGS_EDIT, member),
        door("POST", PATH + "/{id}/leave", Right.SETTINGS_EDIT, leave),
        door("POST", PATH + "/{id}/area", Right.SETTINGS_EDIT, area),
    ]
