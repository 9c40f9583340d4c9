"""A ticket as a line of a list; the demo's live list; the stream that says when to look again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.console import scope, words
from bot.console.doors import door
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public.pages import day_and_time, render
from handlers.tickets.rules import Status
from storage import views
from storage.views import BoardRow

if TYPE_CHECKING:
    from bot.app import App

ROWS = 100
HEARTBEAT = 15.0  # seconds; also how soon a stream notices that its log-in has ended, and changes of other processes
STREAMS = 1100  # a little more than residents may have: staff still see their list when all of those are taken
CALM = 0.3  # seconds between two signs of change
_CHANGED = b"event: board\ndata: board\n\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as the list says it: every field is text to show."""

    id: int
    code: str
    short: str
    state: str
    tone: str
    step: str
    danger: bool
    summary: str
    place: str
    category: str
    owner: str
    opened: str
    changed: str
    due: str
    clock: str
    late: bool
    verdict: str
    result: str
    photos: tuple[str, ...]
    href: str


def line(app: App, row: BoardRow, viewer: Viewer, now: datetime) -> Line:
    due = row.due if row.due and words.running(row) else None
    return Line(
        id=row.id, code=row.code, short=row.code[-4:], state=row.status, tone=words.TONES.get(row.status, ""),
        step=words.STEPS.get(row.status, ""), danger=row.level == "T0", summary=row.summary or "（内容已删除）",
        place=row.place or "地点还没说清", category=row.category, owner=row.owner or "社区",
        opened=day_and_time(row.opened), changed=row.changed.isoformat(), due=due.isoformat() if due else "",
        clock=words.clock(due, now) if due else "", late=due is not None and due < now, verdict=words.verdict(row),
        result=row.result, href=f"/console/tickets/{row.id}{viewer.query}",
        photos=tuple(media.link(app, file) for file in (*row.photos, *row.result_photos)[-4:]),
    )  # fmt: skip


def lines(app: App, viewer: Viewer) -> list[Line]:
    """Last changed first. Blocks; call in a thread."""
    now = app.clock()
    return [line(app, row, viewer, now) for row in views.board(app.db, viewer.sight, ROWS)]


def counted(app: App, viewer: Viewer) -> list[tuple[str, int]]:
    """(state, tickets) in the order of a ticket's life; states nobody is in are left out. Blocks."""
    found = views.counts(app.db, viewer.sight)
    return [(state.value, found[state.value]) for state in Status if found.get(state.value)]


async def rows(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/board/rows: the rows alone; with here=1 somebody sits at the page."""
    app = request.app[APP]
    found, counts = await asyncio.to_thread(lambda: (lines(app, viewer), counted(app, viewer)))
    return render("fragment.html", rows=found, counts=counts)


async def events(request: web.Request, _: Viewer) -> web.StreamResponse:
    """GET /console/events: server-sent events that carry the topic's name only."""
    app = request.app[APP]
    if app.topics.closed or app.topics.count >= STREAMS:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    app.metrics.streams.inc()
    try:
        await response.write(b"retry: 1000\n\n")
        with app.topics.subscribe("board", "logins") as changes:
            while True:
                topic = await changes.next(HEARTBEAT)
                if topic != "board" and await scope.viewer(request) is None:
                    await response.write(_CHANGED)  # the page looks, and learns that it is signed out
                    break
                await response.write(_CHANGED if topic == "board" else b": still here\n\n")
                await asyncio.sleep(CALM)
    except (ConnectionResetError, StopAsyncIteration):
        pass  # the page was closed, or the process stops
    finally:
        app.metrics.streams.dec()
    return response


def routes(app: App) -> list[web.RouteDef]:
    """The demo's list only in the demo."""
    found = [door("GET", "/console/events", Right.TICKETS_SEE, events, live=True, demo=True)]
    if app.demo:
        found.append(door("GET", "/console/board/rows", Right.TICKETS_SEE, rows, live=True, demo=True))
    return found
