"""The list of work 待办: views, filters, live rows; what may be done at once from a row."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import bulk, navigation, queues
from bot.console.board import Line, line
from bot.console.doors import door
from bot.console.page import show
from bot.console.queues import Query, View, read_query, seen_at
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.sensitive import hidden
from bot.keys import APP
from handlers.tickets.categories import GROUPS
from handlers.tickets.rules import Action, Status
from storage import view_plan, work_list
from storage.views import BoardRow

if TYPE_CHECKING:
    from bot.app import App

ROWS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """`mark`: the ticket as it was shown, for a form. `accepts`, `replies`: what a click may do at once.
    `pressed`: who waits for it beside the reporter, and how often it was urged; "" for nobody and never.
    """

    line: Line
    mark: str
    accepts: bool
    replies: bool
    pressed: str


@dataclass(frozen=True, slots=True)
class Tab:
    view: View
    href: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    query: Query
    tabs: tuple[Tab, ...]
    entries: tuple[Entry, ...]
    next: str  # address of the next page, "" without one


def entry(app: App, row: BoardRow, viewer: Viewer, now: datetime, urged: int = 0) -> Entry:
    seen = hidden(line(app, row, viewer, now), row.category_code)
    status = Status(row.status)
    return Entry(
        seen, f"{row.id}.{seen_at(row.changed)}",
        accepts=bulk.may(viewer, status, Action.ACCEPT), replies=bulk.may(viewer, status, Action.REPLY),
        pressed="，".join(
            f"{count}{what}" for count, what in ((urged, "次催办"), (row.followers, "位邻居也在等")) if count
        ),
    )  # fmt: skip


def shown(app: App, viewer: Viewer, query: Query) -> Shown:
    """Blocks; call in a thread."""
    assert viewer.session is not None
    now, person = app.clock(), viewer.session.person
    tallies = work_list.tallies(app.db, viewer.sight, person, now)
    rows = work_list.page(app.db, viewer.sight, query.wanted(person, now), query.after, ROWS)
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    urged = work_list.urged(app.db, [row.id for row in rows])
    tabs = tuple(
        Tab(view, Query(view).href(), view.count(tallies) if view.statuses else None)
        for view in queues.VIEWS.get(viewer.session.role, ())
    )
    then = query.href(after=work_list.key_of(rows[-1])) if more else ""
    return Shown(query, tabs, tuple(entry(app, row, viewer, now, urged.get(row.id, 0)) for row in rows), then)


def choices(app: App, viewer: Viewer, building: int = 0) -> Mapping[str, list[tuple[object, str]]]:
    """What each filter may be set to. Blocks."""
    assert viewer.sight is not None
    here = view_plan.named(app.db, building, viewer.sight) if building else ""
    return {
        "state": [("", "不限"), *((state.value, state.value) for state in Status)],
        "clock": list(queues.CLOCKS),
        "category": [("", "不限"), *GROUPS.items()],
        "owner": [("", "不限"), *work_list.owners(app.db, viewer.sight)],
        "grid": [("", "不限"), *work_list.grids_of(app.db, viewer.sight)],
        "source": list(queues.SOURCES),
        "building": [("", "不限"), (building, here)] if here else [],
    }


async def page(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/; a role without tickets is led to its own area."""
    if not viewer.may(Right.TICKETS_SEE) or viewer.session is None:
        raise web.HTTPSeeOther(navigation.home(viewer))
    app = request.app[APP]
    query = read_query(request.query, viewer.session.role)
    found, options = await asyncio.to_thread(
        lambda: (shown(app, viewer, query), choices(app, viewer, query.building))
    )
    return show(
        request, viewer, "queue.html", it=found, options=options, acts=bulk.offered(viewer), here=query.href(),
        form={
            "view": "" if query.view is queues.OPEN_VIEW else query.view.key, "state": query.state,
            "clock": query.clock, "category": query.category, "owner": query.owner or "", "grid": query.grid or "",
            "source": query.source, "building": query.building or "",
        },
    )  # fmt: skip


async def rows(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/queue/rows?…: tabs and rows alone, for the page that is open; here=1: somebody sits at it."""
    if viewer.session is None:
        raise web.HTTPUnauthorized(text="请先登录。")
    app, query = request.app[APP], read_query(request.query, viewer.session.role)
    found = await asyncio.to_thread(shown, app, viewer, query)
    return show(request, viewer, "queue_part.html", it=found, here=query.href())


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/", Right.OWN, page),
        door("GET", "/console/queue/rows", Right.TICKETS_SEE, rows, live=True),
        *bulk.routes(),
    ]
