"""Sensitive tickets: opened with a reason, which is kept in the log; open for this log-in until it ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.console import asking
from bot.console.page import back, fields
from bot.console.scope import Viewer, token
from bot.keys import APP
from handlers.tickets.categories import SENSITIVE
from storage import audit, views

if TYPE_CHECKING:
    from bot.app import App

_COOKIE = "jushe_opened"
_SECONDS = 12 * 3600
_MOST = 40  # tickets open at once
SHORTEST = 4  # characters of a reason


def _signer(request: web.Request) -> URLSafeTimedSerializer:
    """Of this log-in: the next one has to say why again."""
    return URLSafeTimedSerializer(request.app[APP].key, salt=f"console opened {token(request)}")


def _ids(request: web.Request) -> list[int]:
    try:
        found = _signer(request).loads(request.cookies.get(_COOKIE, ""), max_age=_SECONDS)
    except BadSignature:
        return []
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []


def closed(request: web.Request, viewer: Viewer, ticket: int, category: str) -> bool:
    """Whether a reason has to be given first. The demo's list, without a log-in, opens none."""
    return category in SENSITIVE and (viewer.session is None or ticket not in _ids(request))


async def open_(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/tickets/<id>/open with the reason."""
    app, ticket = request.app[APP], asking.number(request)
    reason, where = (await fields(request)).get("reason", ""), f"/console/tickets/{ticket}"
    if await asyncio.to_thread(views.board_row, app.db, ticket, viewer.sight) is None:
        raise web.HTTPNotFound(text="没有这一页。")
    if len(reason) < SHORTEST:
        return back(request, where, f"请写明为什么要看，至少{SHORTEST}个字。", good=False)
    await asyncio.to_thread(_noted, app, viewer, ticket, reason[:200])
    response = back(request, where)
    opened = str(_signer(request).dumps([*(one for one in _ids(request) if one != ticket), ticket][-_MOST:]))
    response.set_cookie(
        _COOKIE, opened, max_age=_SECONDS, httponly=True, secure=app.settings.https, samesite="Lax", path="/console"
    )
    return response


def _noted(app: App, viewer: Viewer, ticket: int, reason: str) -> None:
    body = {"ticket": ticket, "login": viewer.session.login if viewer.session else "", "reason": reason}
    with app.db.writing() as conn:
        audit.note(conn, "SensitiveSeen", body, app.clock(), via="console", actor=asking.me(viewer))
