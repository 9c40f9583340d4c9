"""One's own page: who is signed in here, as what, and where; password, code of the second step, sessions."""

from __future__ import annotations

import asyncio

import segno
from aiohttp import web

from bot.console import scope
from bot.console.doors import door
from bot.console.page import back, fields, large, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from storage import audit, places, staff, staff_codes, staff_sessions
from storage.staff_sessions import hash_of

ME = "/console/me"


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/me"""
    return await _shown(request, viewer, {}, 200)


async def _shown(request: web.Request, viewer: Viewer, wrong: dict[str, str], status: int) -> web.Response:
    app, ids = request.app[APP], viewer.communities or ()
    assert viewer.session is not None
    login, here = viewer.session.login, hash_of(scope.token(request))
    names = await asyncio.to_thread(places.community_names, app.db, ids)
    sessions = await asyncio.to_thread(staff_sessions.listed, app.db, login, app.clock())
    coded = await asyncio.to_thread(staff_codes.is_on, app.db, login)
    shown = "、".join(names[:8]) + (f"等{len(names)}个社区" if len(names) > 8 else "")
    return show(
        request,
        viewer,
        "me.html",
        status=status,
        places=shown,
        sessions=sessions,
        here=here,
        coded=coded,
        wrong=wrong,
    )


async def password(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/me/password: the other sessions end."""
    app, given = request.app[APP], await fields(request)
    assert viewer.session is not None
    login, old, new = viewer.session.login, given.get("old", ""), given.get("new", "")
    if new != given.get("again", ""):
        return await _shown(request, viewer, {"again": "两次写的新密码不一样。"}, 422)
    keep = scope.token(request)
    fault = await asyncio.to_thread(lambda: staff.change_password(app.db, login, old, new, app.clock(), keep=keep))
    if fault:
        return await _shown(request, viewer, {"old" if "现在的密码" in fault else "new": fault}, 422)
    await _note(request, viewer, "PasswordSet")
    return back(request, ME, "密码改好了，别处的登录都退出了。")


async def end(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/me/sessions: one that is named, or all but this one."""
    app, key = request.app[APP], (await fields(request)).get("key", "")
    assert viewer.session is not None
    login, here, now = viewer.session.login, scope.token(request), app.clock()

    def all_others() -> None:
        with app.db.writing() as conn:
            staff_sessions.end_sessions(conn, login, now, keep=here)

    if key:
        await asyncio.to_thread(staff_sessions.end_one, app.db, login, key, now)
    else:
        await asyncio.to_thread(all_others)
    app.topics.publish("logins")
    await _note(request, viewer, "SessionsEnded")
    return back(request, ME, "已经退出。")


async def code(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/me/code: what the phone has to know."""
    return await _code(request, viewer, {}, 200)


async def _code(request: web.Request, viewer: Viewer, wrong: dict[str, str], status: int) -> web.Response:
    app = request.app[APP]
    assert viewer.session is not None
    login = viewer.session.login
    if await asyncio.to_thread(staff_codes.is_on, app.db, login):
        return back(request, ME, "动态码已经开着。")
    secret = await asyncio.to_thread(staff_codes.begin, app.db, login)
    address = staff_codes.address(login, secret)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#1d2321")
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return show(request, viewer, "code.html", status=status, picture=picture, secret=spaced, wrong=wrong)


async def confirm(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/me/code: on from the first right code; off with the password."""
    app, given = request.app[APP], await fields(request)
    assert viewer.session is not None
    login, now = viewer.session.login, app.clock()
    if "off" in given:
        return await _off(request, viewer, given.get("password", ""))
    number = given.get("code", "").replace(" ", "")
    if not await asyncio.to_thread(staff_codes.confirm, app.db, login, number, now):
        return await _code(request, viewer, {"code": "这个数字不对。请看手机上现在的6位，手机时间要准。"}, 422)
    await _note(request, viewer, "CodeTurnedOn")
    return back(request, ME, "动态码开好了。下次登录，填完密码再填手机上的6位数字。")


async def _off(request: web.Request, viewer: Viewer, word: str) -> web.Response:
    app = request.app[APP]
    assert viewer.session is not None
    login = viewer.session.login

    def turn() -> bool:
        if not staff.confirm_password(app.db, login, word, app.clock()):
            return False
        with app.db.writing() as conn:
            staff_codes.turn_off(conn, login)
        return True

    if not await asyncio.to_thread(turn):
        return await _shown(request, viewer, {"password": "密码不对，动态码还开着。"}, 422)
    await _note(request, viewer, "CodeTurnedOff")
    return back(request, ME, "动态码关掉了。")


async def _note(request: web.Request, viewer: Viewer, kind: str) -> None:
    app = request.app[APP]
    assert viewer.session is not None
    session = viewer.session

    def write() -> None:
        with app.db.writing() as conn:
            audit.note(conn, kind, {"login": session.login}, app.clock(), via="console", actor=session.person)

    await asyncio.to_thread(write)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", ME, Right.OWN, page),
        door("POST", f"{ME}/password", Right.OWN, password),
        door("POST", f"{ME}/sessions", Right.OWN, end),
        door("GET", f"{ME}/code", Right.OWN, code),
        door("POST", f"{ME}/code", Right.OWN, confirm),
        door("POST", "/console/large", Right.OWN, large),
    ]
