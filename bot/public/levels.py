"""The page on which a bank checks a level statement; it shows the level and nothing else (domain.md §5.3)."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from bot.console.words import masked_name
from bot.keys import APP
from bot.public.pages import render
from storage import view_levels

_SERIAL = re.compile(r"[0-9A-Z]{10}")


async def check(request: web.Request) -> web.Response:
    """GET /open/level/<serial>: whether it stands; a wrong, ended and withdrawn one look the same."""
    app, serial = request.app[APP], request.match_info["serial"].upper()
    found = None
    if _SERIAL.fullmatch(serial):
        found = await asyncio.to_thread(view_levels.standing, app.db, serial, app.clock())
    name = masked_name(found.name) if found else ""
    return render("level.html", status=200 if found else 404, found=found, name=name)


def routes() -> list[web.RouteDef]:
    return [web.get("/open/level/{serial}", check)]
