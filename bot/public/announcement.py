"""The page of an announcement, opened from the chat by a signed link; opening it counts as read."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.keys import APP
from bot.links import ANNOUNCEMENT, Pass
from bot.public import taps
from bot.public.pages import render
from bot.public.taps import Closed
from handlers.announcements.port import Announcement
from handlers.announcements.rules import KIND_NAMES
from storage import view_announcements
from storage.engine import Database
from storage.looking import looking


@dataclass(frozen=True, slots=True)
class Shown:
    one: Announcement
    kind: str
    office: str
    phone: str


def shown(db: Database, who: Pass, now: datetime) -> Shown | None:
    """None unless it is the person's to read: it was sent to the person, or who wrote it. Blocks."""
    with looking(db, now) as read:
        one = read.announcement(who.ticket)
        office = read.community(one.community) if one else None
    if one is None:
        return None
    if not view_announcements.opened(db, one.id, who.person, now) and one.by != who.person:
        return None
    kind = "应急动员" if one.muster else KIND_NAMES[one.kind]
    return Shown(one, kind, office.name if office else "", office.phone if office else "")


@taps.at(ANNOUNCEMENT)
async def show(request: web.Request, who: Pass) -> web.Response:
    """GET /m/n/<token>; `?big=1` large type."""
    app = request.app[APP]
    found = await asyncio.to_thread(shown, app.db, who, app.clock())
    if found is None:
        raise Closed
    return taps.keep_look(request, render("announcement.html", it=found, **taps.look(request)))


def routes() -> list[web.RouteDef]:
    return [web.get(ANNOUNCEMENT + "{token}", show)]
