"""The addresses of the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import activities, board, login, scope, ticket, wecom_login

if TYPE_CHECKING:
    from bot.app import App


async def _to_list(request: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/console/")


def routes(app: App) -> list[web.RouteDef]:
    """Also tells the process how to know a staff member, so that photos are shown to them."""
    app.staff_of = scope.staff_of
    login.prepare(app.web)
    return [
        web.get("/console", _to_list),
        web.get("/console/", board.page),
        web.get("/console/login", login.form),
        web.post("/console/login", login.enter),
        web.post("/console/logout", login.leave),
        web.get("/console/board/rows", board.rows),
        web.get("/console/events", board.events),
        web.get("/console/tickets/{id}", ticket.page),
        *activities.routes(),
        *(wecom_login.routes() if app.settings.wecom_corp_id else ()),
    ]
