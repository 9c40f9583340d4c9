"""Who reported a ticket, in full: shown once to somebody who may and says why; kept in the log."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.doors import door
from bot.console.page import fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.numerals import number_in
from storage import audit, read_received, views
from storage.views import Detail

if TYPE_CHECKING:
    from bot.app import App

SHORTEST, LONGEST = 4, 200  # characters of a reason


async def ask(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/contact/<ticket>: the reason first."""
    found = await asyncio.to_thread(_found, request, viewer)
    return _page(request, viewer, found, {}, {}, 200 if found else 404)


async def see(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/contact/<ticket>: once, with the reason in the log. Who stays anonymous stays so."""
    app, form = request.app[APP], await fields(request)
    found = await asyncio.to_thread(_found, request, viewer)
    reason = form.get("reason", "")
    if found is not None and not SHORTEST <= len(reason) <= LONGEST:
        wrong = {"reason": f"请写明为什么要看，{SHORTEST}到{LONGEST}个字，会记入日志。"}
        return _page(request, viewer, found, form, wrong, 422)
    if found is None or found.anonymous:
        return _page(request, viewer, found, {}, {}, 200 if found else 404)
    await asyncio.to_thread(_note, app, viewer, found.row.id, reason)
    caller = await asyncio.to_thread(_caller, app, found.row.id)
    return _page(request, viewer, found, form, {}, 200, seen=True, caller=caller)


def _page(
    request: web.Request, viewer: Viewer, found: Detail | None, form: dict[str, str], wrong: dict[str, str],
    status: int, *, seen: bool = False, caller: dict[str, str] | None = None,
) -> web.Response:  # fmt: skip
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    name, phone = (found.reporter_name, found.reporter_phone) if seen else ("", "")
    return show(
        request, viewer, "contact.html", status=status, ticket=found.row.id, short=found.row.code[-4:],
        anonymous=found.anonymous, seen=seen, name=name, phone=phone, caller=caller or {}, form=form, wrong=wrong,
    )  # fmt: skip


def _caller(app: App, ticket: int) -> dict[str, str]:
    """Who called the community or another platform about it: name and phone, {} where nobody did. Blocks."""
    with app.db.reading() as conn:
        found = json.loads(read_received.contact(conn, ticket) or "{}")
    return {name: str(found.get(name, "")) for name in ("name", "phone")} if found else {}


def _found(request: web.Request, viewer: Viewer) -> Detail | None:
    return views.detail(request.app[APP].db, number_in(request.match_info["id"]), viewer.sight)


def _note(app: App, viewer: Viewer, ticket: int, reason: str) -> None:
    login, actor = (viewer.session.login, viewer.session.person) if viewer.session else ("", 0)
    body = {"ticket": ticket, "login": login, "reason": reason}
    with app.db.writing() as conn:
        audit.note(conn, "ContactSeen", body, app.clock(), via="console", actor=actor)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/contact/{id}", Right.UNMASK, ask),
        door("POST", "/console/contact/{id}", Right.UNMASK, see),
    ]
