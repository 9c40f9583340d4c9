"""Logging in and out of the console; passwords and locks are storage.staff's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.console import scope
from bot.console.doors import open_door
from bot.console.scope import inside
from bot.keys import APP
from bot.public.pages import render
from storage import audit, staff, staff_codes, staff_sessions
from storage.staff import CodeNeeded, LoginRefused

if TYPE_CHECKING:
    from bot.app import App

_AT_ONCE = 2  # checking a password costs 19 MiB and a core for 25 ms
_WAITING = 20
_CODE_SECONDS = 300
_WRONG_CODE = "动态码不对，或者已经用过。请等手机上换一个再填；连续输错5次会锁定30分钟。"
_checks: web.AppKey[asyncio.Semaphore] = web.AppKey("login_checks", asyncio.Semaphore)
_queue: web.AppKey[list[None]] = web.AppKey("login_queue", list)


def prepare(app: web.Application) -> None:
    app[_checks] = asyncio.Semaphore(_AT_ONCE)
    app[_queue] = []


def asked(request: web.Request, status: int, wrong: str, login: str, then: str) -> web.Response:
    app = request.app[APP]
    wecom = "wecom" in app.channels
    return render(
        "login.html", status=status, wrong=wrong, login=login, demo=app.demo, wecom=wecom, then=then,
        kept="kept=1" in then,
    )  # fmt: skip


def _signer(request: web.Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app[APP].key, salt="console code")


async def form(request: web.Request) -> web.Response:
    """GET /console/login?next=: where to go then, within the console."""
    then = inside(request.query.get("next", ""))
    if await scope.staff_of(request):
        raise web.HTTPSeeOther(then or "/console/")
    return asked(request, 200, "", "", then)


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
        return asked(request, 503, "现在登录的人多，请过一会儿再试。", login, then)
    name, device = login.strip()[:64], scope.device(request)
    queue.append(None)
    try:
        async with request.app[_checks]:
            token = await asyncio.to_thread(
                lambda: staff.check_login(app.db, name, password, app.clock(), device=device)
            )
    except LoginRefused as refused:
        return asked(request, 403, str(refused), login[:64], then)
    except CodeNeeded:
        return _ask_code(str(_signer(request).dumps(name)), then)
    finally:
        queue.pop()
    return await entered(request, token, then, device)


async def enter_code(request: web.Request) -> web.Response:
    """POST /console/login/code: the second step, within five minutes of the first."""
    app = request.app[APP]
    given = await request.post()
    proof, code = str(given.get("proof", "")), str(given.get("code", "")).replace(" ", "")
    then = inside(str(given.get("next", "")))
    try:
        login = str(_signer(request).loads(proof, max_age=_CODE_SECONDS))
    except (BadSignature, ValueError):
        return asked(request, 403, "等得太久了，请从头再登录一次。", "", then)
    device = scope.device(request)
    try:
        token = await asyncio.to_thread(
            lambda: staff_codes.check_code(app.db, login, code, app.clock(), device=device)
        )
    except LoginRefused:
        return _ask_code(proof, then, _WRONG_CODE, 403)
    return await entered(request, token, then, device)


def _ask_code(proof: str, then: str, wrong: str = "", status: int = 200) -> web.Response:
    return render("login_code.html", status=status, proof=proof, then=then, wrong=wrong)


async def entered(request: web.Request, token: str, then: str, device: str) -> web.Response:
    """303 into the console with a session of its own; the one this browser had before ends."""
    app = request.app[APP]
    if before := scope.token(request):
        await asyncio.to_thread(staff_sessions.end_session, app.db, before, app.clock())
    await asyncio.to_thread(_note, app, token, device)
    response = web.Response(status=303, headers={"Location": then or "/console/", "Cache-Control": "no-store"})
    scope.set_cookie(request, response, token)
    return response


def _note(app: App, token: str, device: str) -> None:
    """The log says who came in, and with what. Blocks."""
    session = staff_sessions.session(app.db, token, app.clock())
    if session is not None:
        body = {"login": session.login, "device": device}
        with app.db.writing() as conn:
            audit.note(conn, "LoggedIn", body, app.clock(), via="console", actor=session.person)


async def leave(request: web.Request) -> web.Response:
    """POST /console/logout: the session ends in the database, not only in the browser."""
    app = request.app[APP]
    if given := scope.token(request):
        await asyncio.to_thread(staff_sessions.end_session, app.db, given, app.clock())
        app.topics.publish("logins")  # open streams look again whether they may go on
    response = web.Response(status=303, headers={"Location": "/console/login", "Cache-Control": "no-store"})
    scope.drop_cookie(request, response)
    return response


def routes() -> list[web.RouteDef]:
    return [
        open_door("GET", "/console/login", form, "the log-in itself"),
        open_door("POST", "/console/login", enter, "the log-in itself"),
        open_door("POST", "/console/login/code", enter_code, "the log-in itself"),
        open_door("POST", "/console/logout", leave, "whoever has the cookie may end it"),
    ]
