"""Several people on one ticket see each other: the page says now and then that it is open, and asks who else is."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console import asking
from bot.console.doors import door
from bot.console.page import fields
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from storage import viewings, views


async def here(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/tickets/<id>/here: who else is on the page, and the last thing that happened."""
    app, ticket = request.app[APP], asking.number(request)
    writing = bool((await fields(request)).get("writing"))

    def look() -> tuple[list[viewings.Other], int]:
        if views.board_row(app.db, ticket, viewer.sight) is None:
            raise web.HTTPNotFound(text="没有这一页。")
        others = viewings.look(app.db, ticket, asking.me(viewer), app.clock(), writing=writing)
        return others, viewings.last_fact(app.db, ticket)

    others, last = await asyncio.to_thread(look)
    return web.json_response(
        {"others": [{"name": one.name, "writing": one.writing} for one in others], "last": str(last)},
        headers={"Cache-Control": "no-store"},
    )


def routes() -> list[web.RouteDef]:
    return [door("POST", "/console/tickets/{id}/here", Right.TICKETS_SEE, here, live=True)]
