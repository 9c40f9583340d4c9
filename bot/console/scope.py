"""Who looks at the console and which communities they may see; the cookie; where a click may come from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.keys import APP
from storage import staff
from storage.staff import StaffSession


@dataclass(frozen=True, slots=True)
class Viewer:
    """`communities` None: all, in the demo's list only. `session` None: nobody is signed in."""

    communities: tuple[int, ...] | None
    session: StaffSession | None = None

    @property
    def query(self) -> str:
        """What the links of this viewer's pages carry on."""
        return "" if self.session else "?demo=1"


def cookie_name(request: web.Request) -> str:
    """With the prefix a browser refuses to take it from another host or without TLS."""
    return "__Host-jushe" if request.app[APP].settings.https else "jushe"


def set_cookie(request: web.Request, response: web.StreamResponse, token: str) -> None:
    https = request.app[APP].settings.https
    response.set_cookie(cookie_name(request), token, httponly=True, secure=https, samesite="Lax", path="/")


def drop_cookie(request: web.Request, response: web.StreamResponse) -> None:
    https = request.app[APP].settings.https
    response.del_cookie(cookie_name(request), httponly=True, secure=https, samesite="Lax", path="/")


def token(request: web.Request) -> str:
    return request.cookies.get(cookie_name(request), "")


async def staff_of(request: web.Request, *, touch: bool = False) -> StaffSession | None:
    """The signed-in staff member. `touch`: the request is something a person did, so the log-in stays awake."""
    given = token(request)
    if not given:
        return None
    app = request.app[APP]
    return await asyncio.to_thread(lambda: staff.session(app.db, given, app.clock(), touch=touch))


async def viewer(request: web.Request, *, touch: bool = False) -> Viewer | None:
    """None where a log-in is needed. Only the demo, and only when it asks for it, shows its list without one."""
    if request.app[APP].demo and "demo" in request.query:
        return Viewer(None)
    found = await staff_of(request, touch=touch)
    return Viewer(found.communities, found) if found else None


def from_here(request: web.Request) -> None:
    """A form must come from our own page. Raises HTTPForbidden: a page elsewhere must not click for the person."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        right = site == "same-origin"
    else:
        origin = urlsplit(request.headers.get("Origin", ""))
        ours = {request.host, urlsplit(request.app[APP].settings.address).netloc}
        right = bool(origin.netloc) and origin.netloc in ours
    if not right:
        raise web.HTTPForbidden(text="这个请求不是从居社通的页面发来的。请回到登录页再试。")
