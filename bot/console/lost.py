"""An address that is no page of the console: one that only takes forms leads to its page, any other says so."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.console import scope
from bot.console.page import show
from bot.console.scope import Viewer

_HOME = "/console/"


@web.middleware
async def lost(request: web.Request, handler: Handler) -> web.StreamResponse:
    """For whoever is signed in and reads a page; scripts and strangers hear the bare answer."""
    try:
        return await handler(request)
    except (web.HTTPMethodNotAllowed, web.HTTPNotFound) as error:
        reads = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        found = await scope.staff_of(request, touch=False) if reads and request.path.startswith(_HOME) else None
        if found is None:
            raise
        if isinstance(error, web.HTTPMethodNotAllowed):  # after a form that came back, its address stands above it
            raise web.HTTPSeeOther(await _page_above(request)) from None
        said = "" if (error.text or "").isascii() else error.text
        return show(request, Viewer(found.communities, found), "missing.html", status=404, why=said)


async def _page_above(request: web.Request) -> str:
    path = request.path
    while len(path) > len(_HOME):
        path = path.rpartition("/")[0]
        match = await request.app.router.resolve(request.clone(rel_url=path))
        if match.http_exception is None:
            return path
    return _HOME
