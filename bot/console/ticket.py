"""One ticket on one page: words, place, people masked, photos, and what happened in order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.console import words
from bot.console.board import Line, line
from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public.pages import day_and_time
from storage import identities, views

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows: every field is text, masked where it is about a person."""

    line: Line
    words: str
    reporter: str
    phone: str
    followers: int
    photos: tuple[str, ...]
    results: tuple[str, ...]
    steps: tuple[tuple[str, str, str], ...]  # when, what, in whose words


def sheet(app: App, ticket: int, viewer: Viewer) -> Sheet | None:
    """None when there is no such ticket within the viewer's sight. Blocks; call in a thread."""
    found = views.detail(app.db, ticket, viewer.sight)
    if found is None:
        return None
    happened = views.timeline(app.db, ticket)
    mentioned = {step.body.get(field, 0) for step in happened for field in ("owner", "person")} - {0}
    with app.db.reading() as conn:
        names = {person: identities.name_of(conn, person) for person in mentioned}
    return Sheet(
        line=line(app, found.row, viewer, app.clock()),
        words=found.words,
        reporter="匿名" if found.anonymous else words.masked_name(found.reporter_name) or "没有留姓名",
        phone=words.masked_phone(found.reporter_phone),
        followers=found.row.followers,
        photos=tuple(media.link(app, file) for file in found.row.photos),
        results=tuple(media.link(app, file) for file in found.result_photos),
        steps=tuple((day_and_time(step.at), words.step(step, names), step.words) for step in happened),
    )


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/tickets/<id>. 404 also where it belongs to another community: no hint that it exists."""
    number = request.match_info["id"]
    found = None
    if number.isascii() and number.isdecimal() and len(number) <= 18:
        found = await asyncio.to_thread(sheet, request.app[APP], int(number), viewer)
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    return show(request, viewer, "ticket.html", ticket=found)


def routes() -> list[web.RouteDef]:
    return [door("GET", "/console/tickets/{id}", Right.TICKETS_SEE, page, demo=True)]
