"""Finding tickets: by words, number, the end of a phone and place; what somebody may not see is not found."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.board import Line, line
from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.sensitive import hidden
from bot.keys import APP
from storage import search, views

if TYPE_CHECKING:
    from bot.app import App

MOST = 50
_LONGEST = 200


def look(app: App, query: str, viewer: Viewer) -> tuple[search.Found, list[Line]]:
    """Blocks; call in a thread."""
    found, now = search.find(app.db, query, viewer.sight, MOST), app.clock()
    rows = views.lines(app.db, found.ids, viewer.sight)
    return found, [hidden(line(app, row, viewer, now), row.category_code) for row in rows]


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/search?q=… A whole number of a ticket leads to it at once."""
    app, query = request.app[APP], request.query.get("q", "").strip()[:_LONGEST]
    if not query:
        return show(request, viewer, "search.html", query="", found=None, rows=())
    found, rows = await asyncio.to_thread(look, app, query, viewer)
    if len(rows) == 1 and rows[0].code == query:
        raise web.HTTPSeeOther(f"/console/tickets/{rows[0].id}")
    return show(request, viewer, "search.html", query=query, found=found, rows=rows)


def routes() -> list[web.RouteDef]:
    return [door("GET", "/console/search", Right.TICKETS_SEE, page)]
