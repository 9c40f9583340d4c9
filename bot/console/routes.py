"""The addresses of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import (
    accounts,
    activities,
    activity_new,
    activity_one,
    announcements,
    audit,
    board,
    contact,
    cover,
    knowledge,
    login,
    numbers,
    own,
    people,
    phoned,
    point_rules,
    points,
    queue,
    replies,
    scope,
    search,
    settings,
    shop,
    tables,
    tables_out,
    teams,
    ticket,
    ticket_acts,
    viewing,
    wecom_login,
)
from bot.console.doors import open_door
from bot.console.rights import RIGHTS, Right
from storage.staff_sessions import StaffSession

if TYPE_CHECKING:
    from bot.app import App


async def _to_list(request: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/console/")  # which asks who it is


async def _looks_at_tickets(request: web.Request) -> StaffSession | None:
    """Who may see a photo by its name alone; administrators and assessors may not."""
    found = await scope.staff_of(request)
    return found if found and Right.TICKETS_SEE in RIGHTS[found.role] else None


def routes(app: App) -> list[web.RouteDef]:
    """Also tells the process how to know a staff member, so that photos are shown to them."""
    app.staff_of = _looks_at_tickets
    login.prepare(app.web)
    return [
        open_door("GET", "/console", _to_list, "leads to the list"),
        *login.routes(),
        *own.routes(),
        *queue.routes(),
        *board.routes(app),
        *ticket.routes(),
        *ticket_acts.routes(),
        *viewing.routes(),
        *cover.routes(),
        *replies.routes(),
        *phoned.routes(),
        *search.routes(),
        *activities.routes(),
        *activity_new.routes(),
        *teams.routes(),
        *activity_one.routes(),
        *points.routes(),
        *point_rules.routes(),
        *shop.routes(),
        *announcements.routes(),
        *people.routes(),
        *tables.routes(),
        *tables_out.routes(),
        *knowledge.routes(),
        *numbers.routes(),
        *settings.routes(),
        *contact.routes(),
        *accounts.routes(),
        *audit.routes(),
        *(wecom_login.routes() if app.settings.wecom_corp_id else ()),
    ]
