"""The pages everybody may open: landing, demo, web chat, privacy notice; and the static files."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import select

from bot.channels import webchat
from bot.console.board import lines
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public import activities, announcement, levels, matter, points, tasks
from bot.public.pages import render, static
from handlers.texts import NOTICE_VERSION
from handlers.types import Sender
from storage import identities
from storage.schema import communities

if TYPE_CHECKING:
    from bot.app import App

# The people of the sample whose phone one may hold: user, what they are, whether their first sight is a welcome.
_CAST = (
    ("resident", "居民", "yes"), ("neighbour", "邻居", "yes"), ("newcomer", "新来的居民", "yes"),
    ("leader", "微网格长", ""), ("deputy", "副微网格长", ""), ("desk", "社区人员", ""),
)  # fmt: skip
_CHAT_COOKIE = "jushe_chat"
_YEAR = 365 * 24 * 3600  # seconds
_PLATE = re.compile(r"[0-9A-Za-z_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A choice of the demo's switcher. `follow` "yes": the account is followed when the phone is empty."""

    user: str
    label: str
    follow: str


def _cast(app: App) -> list[Holder]:
    with app.db.reading() as conn:
        found = []
        for user, what, follow in _CAST:
            name = identities.name_of(conn, identities.person_of(conn, Sender("webchat", "-", user)))
            found.append(Holder(user, f"{what} {name}".strip(), follow))
        return found


def _offices(app: App) -> list[tuple[str, str]]:
    """(community, its published office number)"""
    with app.db.reading() as conn:
        wanted = select(communities.c.name, communities.c.phone).order_by(communities.c.code).limit(200)
        return [(row.name, row.phone) for row in conn.execute(wanted)]


async def landing(request: web.Request) -> web.Response:
    app = request.app[APP]
    return render("landing.html", demo=app.demo, chat="webchat" in app.channels)


async def demo(request: web.Request) -> web.Response:
    app = request.app[APP]
    people, rows = await asyncio.to_thread(lambda: (_cast(app), lines(app, Viewer(None))))
    return _talked(render("demo.html", people=people, rows=rows))


async def chat(request: web.Request) -> web.Response:
    """GET /chat: a browser keeps its signed token, so that tomorrow it is the same resident. ?plate=: a building's
    code was scanned.
    """
    app = request.app[APP]
    user = request.cookies.get(_CHAT_COOKIE, "")
    try:
        if len(user) < 40:  # a plain name of the demo is no token
            raise web.HTTPForbidden
        webchat.sender(app, user)
    except web.HTTPForbidden:
        user = webchat.new_user(app)
    plate = request.query.get("plate", "")
    response = render("chat.html", user=user, plate=plate if _PLATE.fullmatch(plate) else "")
    response.set_cookie(
        _CHAT_COOKIE, user, max_age=_YEAR, httponly=True, secure=app.settings.https, samesite="Lax", path="/chat"
    )
    return _talked(response)


def _talked(page: web.Response) -> web.Response:
    """A page on which one may speak and say where one is."""
    page.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=(self)"
    return page


async def privacy(request: web.Request) -> web.Response:
    app = request.app[APP]
    offices = await asyncio.to_thread(_offices, app)
    return render("privacy.html", version=NOTICE_VERSION, offices=offices)


def routes(app: App) -> list[web.RouteDef]:
    """The demo only in the demo; the chat only where the web chat is on."""
    found = [web.get("/", landing), web.get("/privacy", privacy), web.get("/static/{name}", static)]
    found += activities.routes() + announcement.routes() + levels.routes() + points.routes()
    found += matter.routes() + tasks.routes()
    if app.demo:
        found.append(web.get("/demo", demo))
    if "webchat" in app.channels:
        found.append(web.get("/chat", chat))
    return found
