"""Opening an activity in the console: every field the law asks for (条例 art. 12), nothing lost on an error."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.console.clicks import act, home
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.activities import clicks, rules
from handlers.activities import form as notice_form
from storage.looking import looking

_DANGER = (("", "请选"), ("没有", "没有"), ("有", "有，比如登高、涉水、搬重物、上马路"))
_CHILDREN = (("", "请选"), ("可以", "可以"), ("不可以", "不可以"))
_FENCES = tuple((str(metres), f"{metres}米") for metres in (200, 300, 400, 500))
_PATH = "/console/activities/new"


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/new"""
    form = {"fence": str(request.app[APP].policy.fence_metres), "conditions": "身体健康"}
    return await _show(request, viewer, form, {})


async def open_(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/activities/new"""
    app, form = request.app[APP], await fields(request)
    answers, wrong = notice_form.read(form, app.clock())
    if wrong:
        return await _show(request, viewer, form, {"": "", **wrong})
    community = home(app, viewer, form.get("community", ""))
    good, words = await act(
        request, viewer, lambda turn, read: clicks.opened(turn, read, answers, community), ""
    )  # fmt: skip
    if not good:
        return await _show(request, viewer, form, {"": words})
    return back(request, "/console/activities", words)


async def _show(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    app = request.app[APP]
    places = await asyncio.to_thread(_communities, app, viewer)
    kinds = tuple((kind, kind) for kind in rules.KINDS)
    return show(
        request, viewer, "activity_new.html", status=422 if wrong else 200, form=form, wrong=wrong, places=places,
        kinds=kinds, danger=_DANGER, children=_CHILDREN, fences=_FENCES,
    )  # fmt: skip


def _communities(app: Any, viewer: Viewer) -> list[tuple[str, str]]:
    with looking(app.db, app.clock()) as read:
        found = [(one, read.community(one)) for one in viewer.communities or ()]
    return [(str(number), office.name) for number, office in found if office]


def routes() -> list[web.RouteDef]:
    return [
        door("GET", _PATH, Right.ACTIVITIES_RUN, page),
        door("POST", _PATH, Right.ACTIVITIES_RUN, open_),
    ]
