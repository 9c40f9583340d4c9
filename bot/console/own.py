"""One's own page: who is signed in here, as what, and where."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console.doors import door
from bot.console.page import large, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from storage import places


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/me"""
    db, ids = request.app[APP].db, viewer.communities or ()
    names = await asyncio.to_thread(places.community_names, db, ids)
    shown = "、".join(names[:8]) + (f"等{len(names)}个社区" if len(names) > 8 else "")
    return show(request, viewer, "me.html", places=shown)


def routes() -> list[web.RouteDef]:
    return [door("GET", "/console/me", Right.OWN, page), door("POST", "/console/large", Right.OWN, large)]
