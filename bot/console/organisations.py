"""The register of social organisations: the list, one of them, a new one."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console import one_row
from bot.console.asking import found, here, hidden, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.kinds import KINDS as TABLES
from bot.keys import APP
from handlers.organisations.rules import KINDS, REGISTERED, TIERS
from storage import view_organisations, view_settings

PATH = "/console/people/organisations"


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/organisations"""
    return await _page(request, viewer, {}, {})


async def _page(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    db, ids = request.app[APP].db, here(viewer)
    rows = await asyncio.to_thread(view_organisations.listed, db, ids)
    named = await asyncio.to_thread(view_settings.named, db, ids)
    return show(
        request, viewer, "organisations.html", status=422 if wrong else 200, rows=rows, wrong=wrong, hidden=hidden,
        form={"tier": TIERS[2], "public": "否", "state": "有效", **form}, legal=REGISTERED, **_choices(named),
        many=len(named) > 1,
    )  # fmt: skip


def _choices(named: list[tuple[int, str, str]]) -> dict[str, Any]:
    columns = TABLES["organisations"]
    return {
        "kinds": [(kind, kind) for kind in KINDS], "tiers": [(tier, tier) for tier in TIERS],
        "communities": [(code, name) for _, code, name in named], "yes_no": (("否", "否"), ("是", "是")),
        "states": (("有效", "有效"), ("注销", "注销")), "hints": {one.key: one.hint for one in columns.columns},
    }  # fmt: skip


async def add(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/organisations: a new one, or another word for one by its name."""
    given = await fields(request)
    wrong = await one_row.write(request, viewer, "organisations", [given])
    if wrong:
        return await _page(request, viewer, given, wrong)
    return back(request, PATH, f"{given['name']}已记下，居民问起会告诉他们。")


async def one(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/organisations/<id>: to change it."""
    db, ids = request.app[APP].db, here(viewer)
    row = found(next(iter(await asyncio.to_thread(view_organisations.listed, db, ids, number(request))), None))
    history = await asyncio.to_thread(view_settings.history, db, ("organisations",), f"{row.code}/{row.name}")
    form = {
        "community": row.code, "name": row.name, "kind": row.kind, "tier": row.tier, "services": row.services,
        "place": row.place, "members": str(row.members or ""), "leader": row.leader, "phone": row.phone,
        "public": "是" if row.public else "否", "number": row.number, "since": row.since,
        "state": "注销" if row.gone else "有效",
    }  # fmt: skip
    named = [(0, row.code, row.community)]
    return show(
        request, viewer, "organisation.html", row=row, form=form, legal=REGISTERED, history=history,
        **_choices(named),
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        door("GET", PATH, Right.PEOPLE_SEE, page),
        door("POST", PATH, Right.PEOPLE_EDIT, add),
        door("GET", PATH + "/{id}", Right.PEOPLE_EDIT, one),
    ]
