"""The one way into a console page: who is signed in, whether the role has the right, whether a form is our own."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import web

from bot.console import kept, scope
from bot.console import page as pages
from bot.console.rights import Right
from bot.console.scope import Viewer

Page = Callable[[web.Request, Viewer], Awaitable[web.StreamResponse]]
Open = Callable[[web.Request], Awaitable[web.StreamResponse]]
_OWN = ("/console/me", "/console/large")  # open to somebody who must first make a password of his own


def door(method: str, path: str, right: Right, page: Page, *, live: bool = False, demo: bool = False) -> web.RouteDef:
    """A route that only a signed-in role with the right passes; everybody else never reaches `page`.

    `live`: fetched by a script, so it answers 401 instead of leading to the log-in, and does not keep the log-in
    awake unless it says here=1. `demo`: shown without a log-in where the demo asks for it.
    """

    async def opened(request: web.Request) -> web.StreamResponse:
        viewer = await _viewer(request, touch=not live or "here" in request.query, demo=demo)
        if request.method == "POST":
            scope.from_here(request)
        if viewer is None:
            if live:
                raise web.HTTPUnauthorized(text="请先登录。")
            return await kept.put_aside(request) or await _signed_out(request) or sign_in(request)
        if viewer.session and viewer.session.initial and not request.path.startswith(_OWN):
            return pages.back(request, "/console/me", "请先把初始密码改成自己的。", good=False)
        if not viewer.may(right):
            return pages.show(request, viewer, "forbidden.html", status=403)
        if request.method != "POST":
            await kept.take_up(request, viewer)
            return await page(request, viewer)
        if not await scope.own_form(request):
            wrote, stood = await kept.written(request), kept.page_of(request)
            return pages.show(request, viewer, "stale.html", status=403, wrote=wrote, page=stood)
        response: web.StreamResponse
        try:
            response = await page(request, viewer)
        finally:
            await pages.close_files(request)
        if response.status < 400 and request.get(pages.REFUSED):
            await kept.refused(request, response)
        elif response.status < 400:
            await kept.done(request, viewer)
        return response

    return _declared(method, path, opened, right)


def open_door(method: str, path: str, page: Open, why: str) -> web.RouteDef:
    """A route for everybody, with the reason why: the log-in itself. Forms must come from our own page."""

    async def opened(request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            scope.from_here(request)
        return await page(request)

    return _declared(method, path, functools.wraps(page)(opened), why)


def declared(route: web.AbstractRoute) -> Right | str | None:
    """What a route asks for: a right, or why it is open to all. None: nobody said."""
    return cast("Right | str | None", getattr(route.handler, "asks", None))


async def _signed_out(request: web.Request) -> web.Response | None:
    """What was written after a log-out elsewhere in the browser; None where there is nothing to give back."""
    wrote = [] if request.method != "POST" or scope.token(request) else await kept.written(request)
    if not wrote:
        return None
    then = f"/console/login?{urlencode({'next': kept.page_of(request)})}"
    return pages.show(request, Viewer(()), "stale.html", status=403, wrote=wrote, page=then)


def sign_in(request: web.Request) -> web.Response:
    """303 to the log-in, which leads back to the page that was asked for."""
    wanted = scope.inside(request.rel_url.raw_path_qs) if request.method == "GET" else ""
    then = f"?{urlencode({'next': wanted})}" if wanted and wanted != "/console/" else ""
    return web.Response(status=303, headers={"Location": "/console/login" + then, "Cache-Control": "no-store"})


async def _viewer(request: web.Request, *, touch: bool, demo: bool) -> Viewer | None:
    if demo:
        return await scope.viewer(request, touch=touch)
    found = await scope.staff_of(request, touch=touch)
    return Viewer(found.communities, found) if found else None


def _declared(method: str, path: str, handler: Any, asks: Right | str) -> web.RouteDef:
    handler.asks = asks
    return web.RouteDef(method, path, handler, {})
