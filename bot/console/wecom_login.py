"""Logging in to the console by WeCom: who the member is there, who that is here, whether they have a log-in."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.channels.tencent.errors import ApiError
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.login import address
from bot.console import login
from bot.console.doors import open_door
from bot.console.scope import inside
from bot.keys import APP
from handlers.types import Role, Sender
from storage import identities, staff_sessions
from storage.sight import scopes

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger("console")
START, BACK = "/console/login/wecom", "/console/login/wecom/back"
_COOKIE, _DEVICE = "jushe_wecom", "企业微信"
_SECONDS = 600  # a code lives five minutes (wechat.md §11)
_CODE = re.compile(r"[0-9A-Za-z_-]{1,512}")
_STATE = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})")
NOT_BEGUN = "这次登录没有从这里开始，或者等得太久了。请再点一次企业微信登录。"
NOT_NOW = "企业微信现在没有回答。请过一会儿再试，或者用账号密码登录。"
NOBODY = "企业微信里的这个账号还没有和您的岗位连上。请先在应用里发「认领」加8位数字，认领码问社区要。"
NO_LOGIN = "您还没有后台账号。请找系统管理员。"


def channel(app: App) -> WeCom | None:
    """The WeCom application, None where there is none."""
    found = app.channels.get("wecom")
    return found if isinstance(found, WeCom) else None


def _signer(app: App) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.key, salt="wecom login")


def _mark(app: App, number: str) -> str:
    return hmac.digest(hashlib.sha256(b"jushe wecom\0" + app.key.encode()).digest(), number.encode(), "sha256").hex()[
        :32
    ]


async def start(request: web.Request) -> web.Response:
    """GET /console/login/wecom: to WeCom, with a state that only this browser can bring back."""
    app = request.app[APP]
    found = channel(app)
    if found is None:
        raise web.HTTPNotFound(text="没有设置企业微信登录。")
    number = secrets.token_hex(16)
    then = inside(request.query.get("next", "")) or "/console/"
    back = app.settings.address + BACK  # never from the request: whoever asks cannot choose where the code goes
    where = address(found.config, back, number + _mark(app, number), request.headers.get("User-Agent", ""))
    response = web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})
    response.set_cookie(
        _COOKIE, str(_signer(app).dumps([number, then])), max_age=_SECONDS, httponly=True,
        secure=app.settings.https, samesite="Lax", path="/console/login",
    )  # fmt: skip
    return response


async def back(request: web.Request) -> web.Response:
    """GET /console/login/wecom/back?code=&state=: 303 into the console, or the log-in page with what is missing."""
    app = request.app[APP]
    found = channel(app)
    if found is None:
        raise web.HTTPNotFound(text="没有设置企业微信登录。")
    then = _begun(app, request)
    code = request.query.get("code", "")
    if then is None or not _CODE.fullmatch(code):
        return _again(request, 403, NOT_BEGUN)
    try:
        user = await found.client.user_of(code)
    except ApiError as error:
        log.warning("wecom_login_failed", code=str(error.code))
        return _again(request, 403 if error.code == 40029 else 502, NOT_BEGUN if error.code == 40029 else NOT_NOW)
    token, wrong = await asyncio.to_thread(_enter, app, found.config.corp_id, user)
    if not token:
        return _again(request, 403, wrong)
    response = await login.entered(request, token, then, _DEVICE)
    response.del_cookie(_COOKIE, path="/console/login")
    return response


def _begun(app: App, request: web.Request) -> str | None:
    """Where to go then; None unless this browser began it with this state, not long ago."""
    state = _STATE.fullmatch(request.query.get("state", ""))
    if state is None or not hmac.compare_digest(state[2], _mark(app, state[1])):
        return None
    try:
        number, then = _signer(app).loads(request.cookies.get(_COOKIE, ""), max_age=_SECONDS)
    except (BadSignature, ValueError):
        return None
    return str(then) if hmac.compare_digest(str(number), state[1]) else None


def _enter(app: App, corp: str, user: str) -> tuple[str, str]:
    """(a session's token, "") or ("", what is missing). Blocks."""
    with app.db.reading() as conn:
        person = identities.person_of(conn, Sender("wecom", corp, user)) if user else 0
        posted = bool(person) and bool(scopes(conn, person, Role))
    token = staff_sessions.open_for(app.db, person, app.clock(), _DEVICE) if person else ""
    return (token, "") if token else ("", NO_LOGIN if posted else NOBODY)


def _again(request: web.Request, status: int, wrong: str) -> web.Response:
    response = login.asked(request, status, wrong, "", "")
    response.del_cookie(_COOKIE, path="/console/login")
    return response


def routes() -> list[web.RouteDef]:
    return [
        open_door("GET", START, start, "the log-in itself"),
        open_door("GET", BACK, back, "the log-in itself"),
    ]
