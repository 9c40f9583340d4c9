"""Activities in the console: the list, the check-in screen with its changing code, the poster."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import segno
from aiohttp import web

from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public.pages import day_and_time, render
from handlers.activities.rules import State
from handlers.numerals import number_in
from storage import doorcodes, view_activities
from storage.view_activities import Shown

if TYPE_CHECKING:
    from bot.app import App

STATES = {"open": "报名中", "recorded": "时长已记", "cancelled": "已取消"}


@dataclass(frozen=True, slots=True)
class Screen:
    """What the check-in screen shows now. `picture` is a data address of an SVG."""

    activity: Shown
    picture: str
    digits: str
    at: str
    open: bool


def picture(text: str, scale: int = 8) -> str:
    """A QR code as an SVG in a data address; error correction M bears a bad screen."""
    return str(segno.make(text, error="m").svg_data_uri(scale=scale, border=2, dark="#1d2321"))


def screen(app: App, activity: Shown, now: datetime) -> Screen:
    token = doorcodes.token(activity.id, now)
    address = f"{app.settings.address}/m/in?c={token}"
    digits = doorcodes.digits(activity.id, now)[0]
    running = activity.status == State.OPEN.value
    return Screen(activity, picture(address), f"{digits[:3]} {digits[3:]}", day_and_time(now), running)


async def _one(request: web.Request, viewer: Viewer) -> tuple[App, Shown]:
    """404 also where it belongs to another community: no hint that it exists."""
    app, number = request.app[APP], number_in(request.match_info["id"])
    found = await asyncio.to_thread(view_activities.one, app.db, number, viewer.communities)
    if found is None:
        raise web.HTTPNotFound(text="没有这个活动。")
    return app, found


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities"""
    app = request.app[APP]
    found = await asyncio.to_thread(view_activities.listed, app.db, viewer.communities, app.clock())
    return show(request, viewer, "activities.html", activities=found, states=STATES)


async def check_in(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/<id>/checkin: full of the code, for a phone in the hand and a screen on the wall."""
    app, found = await _one(request, viewer)
    return render("checkin.html", screen=screen(app, found, app.clock()), session=viewer.session)


async def code(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/<id>/code: the changing part alone."""
    app, found = await _one(request, viewer)
    return render("checkin_code.html", screen=screen(app, found, app.clock()))


async def poster(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/<id>/poster: to print; its code leads to the public notice."""
    app, found = await _one(request, viewer)
    notice = await asyncio.to_thread(view_activities.notice, app.db, found.id)
    qr = picture(f"{app.settings.address}/m/activity/{found.id}")
    return render("poster.html", notice=notice, picture=qr, session=viewer.session)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/activities", Right.ACTIVITIES_RUN, page),
        door("GET", "/console/activities/{id}/checkin", Right.ACTIVITIES_RUN, check_in),
        door("GET", "/console/activities/{id}/code", Right.ACTIVITIES_RUN, code, live=True),
        door("GET", "/console/activities/{id}/poster", Right.ACTIVITIES_RUN, poster),
    ]
