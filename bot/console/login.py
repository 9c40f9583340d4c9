"""Logging in and out of the console; passwords and locks are storage.staff's."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console import scope
from bot.console.doors import inside, open_door
from bot.keys import APP
from bot.public.pages import render
from storage import staff
from storage.staff import LoginRefused

_AT_ONCE = 2  # checking a password costs 19 MiB and a core for 25 ms
_WAITING = 20
_checks: web.AppKey[asyncio.Semaphore] = web.AppKey("login_checks", asyncio.Semaphore)
_queue: web.AppKey[list[None]] = web.AppKey("login_queue", list)


def prepare(app: web.Application) -> None:
    app[_checks] = asyncio.Semaphore(_AT_ONCE)
    app[_queue] = []


def _page(request: web.Request, status: int, wrong: str, login: str, then: str) -> web.Response:
    app = request.app[APP]
    wecom = "wecom" in app.channels
    return render("login.html", status=status, wrong=wrong, login=login, demo=app.demo, wecom=wecom, then=then)


async def form(request: web.Request) -> web.Response:
    """GET /console/login?next=: where to go then, within the console."""
    then = inside(request.query.get("next", ""))
    if await scope.staff_of(request):
        raise web.HTTPSeeOther(then or "/console/")
    return _page(request, 200, "", "", then)


async def enter(request: web.Request) -> web.Response:
    """POST /console/login: 303 into the console, or the form again with one and the same reason for every refusal."""
    app = request.app[APP]
    given = await request.post()
    login, password = given.get("login", ""), given.get("password", "")
    if not isinstance(login, str) or not isinstance(password, str):
        raise web.HTTPBadRequest(text="请填账号和密码。")
    then = inside(str(given.get("next", "")))
    queue = request.app[_queue]
    if len(queue) >= _WAITING:
        return _page(request, 503, "现在登录的人多，请过一会儿再试。", login, then)
    queue.append(None)
    try:
        async with request.app[_checks]:
            token = await asyncio.to_thread(staff.check_login, app.db, login.strip()[:64], password, app.clock())
    except LoginRefused as refused:
        return _page(request, 403, str(refused), login[:64], then)
    finally:
        queue.pop()
    response = web.Response(status=303, headers={"Location": then or "/console/", "Cache-Control": "no-store"})
    scope.set_cookie(request, response, token)
    return response


async def leave(request: web.Request) -> web.Response:
    """POST /console/logout: the session ends in the database, not only in the browser."""
    app = request.app[APP]
    if given := scope.token(request):
        await asyncio.to_thread(staff.end_session, app.db, given, app.clock())
        app.topics.publish("logins")  # open streams look again whether they may go on
    response = web.Response(status=303, headers={"Location": "/console/login", "Cache-Control": "no-store"})
    scope.drop_cookie(request, response)
    return response


def routes() -> list[web.RouteDef]:
    return [
        open_door("GET", "/console/login", form, "the log-in itself"),
        open_door("POST", "/console/login", enter, "the log-in itself"),
        open_door("POST", "/console/logout", leave, "whoever has the cookie may end it"),
    ]
