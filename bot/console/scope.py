"""Who looks at the console and what they may see and do; the cookie; where a click may come from."""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.console.rights import RIGHTS, Right
from bot.keys import APP
from storage import staff_sessions
from storage.sight import Sight
from storage.staff_sessions import StaffSession

_INSIDE = re.compile(r"/console/[0-9A-Za-z_/.-]{0,200}(\?[0-9A-Za-z_=&%.+*~-]{0,800})?")
_BROWSERS = (
    ("wxwork", "企业微信"), ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
BODY_SECONDS = 60.0  # an import over a slow line


@dataclass(frozen=True, slots=True)
class Viewer:
    """`communities` None: all, in the demo's list only. `session` None: nobody is signed in."""

    communities: tuple[int, ...] | None
    session: StaffSession | None = None

    def may(self, right: Right) -> bool:
        """Whether the role has the right; where it holds is `sight`. The demo's list may only be looked at."""
        return right is Right.TICKETS_SEE if self.session is None else right in RIGHTS[self.session.role]

    @property
    def sight(self) -> Sight | None:
        """What of tickets may be seen: storage.sight.tickets_in. None: all, in the demo's list only."""
        return self.session.sight if self.session else None

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
    return await asyncio.to_thread(lambda: staff_sessions.session(app.db, given, app.clock(), touch=touch))


async def viewer(request: web.Request, *, touch: bool = False) -> Viewer | None:
    """None where a log-in is needed. Only the demo, and only when it asks for it, shows its list without one."""
    if request.app[APP].demo and "demo" in request.query:
        return Viewer(None)
    found = await staff_of(request, touch=touch)
    return Viewer(found.communities, found) if found else None


def inside(path: str) -> str:
    """A place in the console to go on to, "" for any other: nobody is led elsewhere by a link to the log-in."""
    return path if _INSIDE.fullmatch(path) and "//" not in path and ".." not in path else ""


def device(request: web.Request) -> str:
    """What its owner may know a session by: 手机 微信, 电脑 Edge."""
    agent = request.headers.get("User-Agent", "")
    kind = "手机" if "Mobile" in agent or "Android" in agent else "电脑"
    return f"{kind} {next((name for mark, name in _BROWSERS if mark in agent), '浏览器')}"


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


def csrf(request: web.Request) -> str:
    """What every form of this session carries: nothing a page elsewhere could know, nothing the cookie tells."""
    return hmac.digest(request.app[APP].key.encode(), b"jushe csrf\0" + token(request).encode(), "sha256").hex()


async def own_form(request: web.Request) -> bool:
    """Whether a form has the session's own token; a script sends it as X-CSRF."""
    given: object = request.headers.get("X-CSRF")
    if given is None:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                given = (await request.post()).get("csrf")
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="正文来得太慢。", headers={"Connection": "close"}) from None
    return isinstance(given, str) and hmac.compare_digest(given.encode(), csrf(request).encode())
