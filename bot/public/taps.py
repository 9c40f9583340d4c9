"""What is done on a signed page: who opened it, one tap once, through the same door as a chat message."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web
from multidict import MultiDictProxy

from bot import links, media
from bot.gateway import Late
from bot.images import BadMedia
from bot.keys import APP
from bot.links import Pass
from bot.public.pages import render
from handlers.types import Inbound, Media, Reply
from storage import page_talk

if TYPE_CHECKING:
    from bot.app import App

WORDS_MOST = 2000
PHOTOS_MOST = 6
FORM_SECONDS = 60.0
_ONCE = re.compile(r"([0-9a-f]{24})\.([0-9a-f]{32})")
_BIG = "jushe_big"
_YEAR = 365 * 24 * 3600  # seconds
WAITING = "收到了，正在办。请过一会儿再打开看看。"
NOT_A_PHOTO = "有一个文件不是照片，没有收下。请重新选。"

Form = MultiDictProxy[str | bytes | bytearray | web.FileField]


class Closed(Exception):
    """The link opens nothing (any more)."""

    def __init__(self, status: int = 404) -> None:
        super().__init__(str(status))
        self.status = status


Handler = Callable[[web.Request], Awaitable[web.Response]]


def at(page: str) -> Callable[[Callable[[web.Request, Pass], Awaitable[web.Response]]], Handler]:
    """A handler that is told who opened the page. Where the link opens nothing, or the handler raises Closed, the
    kind page is the answer: what may have happened and how to get a new link."""

    def around(handler: Callable[[web.Request, Pass], Awaitable[web.Response]]) -> Handler:
        async def opened(request: web.Request) -> web.Response:
            app = request.app[APP]
            try:
                found = links.opened(app.key, page, request.match_info["token"], app.clock())
                if found is None or found.expired:
                    raise Closed(410 if found else 404)
                return await handler(request, found)
            except Closed as nothing:
                return render("closed.html", status=nothing.status, expired=nothing.status == 410, **look(request))

        return opened

    return around


def once(app: App, token: str) -> str:
    """A mark for one form of one page: it names the tap for ever, and nobody else can make one."""
    number = secrets.token_hex(12)
    return f"{number}.{_mark(app, token, number)}"


def _mark(app: App, token: str, number: str) -> str:
    key = hashlib.sha256(b"jushe taps\0" + app.key.encode()).digest()
    return hmac.digest(key, f"{token} {number}".encode(), "sha256").hex()[:32]


def tap_of(app: App, token: str, form: Form) -> str:
    """The tap's name of a form that we made for this page. Raises HTTPForbidden."""
    given = _ONCE.fullmatch(str(form.get("once", "")))
    if given is None or not hmac.compare_digest(given[2], _mark(app, token, given[1])):
        raise web.HTTPForbidden(text="这个表单不是从这个页面发来的。请回到页面再点一次。")
    return given[1]


async def form_of(request: web.Request) -> Form:
    """The fields of a form. Raises HTTPRequestTimeout, HTTPRequestEntityTooLarge."""
    try:
        async with asyncio.timeout(FORM_SECONDS):
            return await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="照片传得太慢。请少选几张再试。") from None


def words_of(form: Form) -> str:
    return str(form.get("words", "")).strip()[:WORDS_MOST]


def filled(form: Form) -> bool:
    """Whether anything was written or chosen in it."""
    files = (field for field in form.getall("photo", []) if isinstance(field, web.FileField))
    return bool(words_of(form)) or any(file.filename for file in files)


async def press(app: App, who: Pass, ticket: int, said: tuple[str, str], tap: str, form: Form) -> None:
    """One command about one matter. `said`: its verb and the words. Copies of a tap are one; its answer is kept."""
    verb, words = said
    sender = await asyncio.to_thread(page_talk.known, app.db, who.person, app.clock())
    inbound = Inbound(
        sender, f"p:{tap}", app.clock(), text=words, media=await _photos(app, form), event="press",
        event_key=f"{ticket}:{verb}",
    )  # fmt: skip
    with suppress(Late):  # it is kept; the page says so
        await app.gateway.receive(inbound)


async def said(app: App, who: Pass, tap: str) -> tuple[str, ...]:
    """What was answered to a tap, for the page after it."""
    if not re.fullmatch(r"[0-9a-f]{24}", tap):
        return ()
    replies = await asyncio.to_thread(page_talk.answer, app.db, who.person, f"p:{tap}")
    return (WAITING,) if replies is None else tuple(reply.text for reply in _worth(replies))


async def refused(app: App, who: Pass, tap: str) -> bool:
    """Whether nothing came of a tap, so that what was written and chosen for it is still wanted."""
    return await asyncio.to_thread(page_talk.refused, app.db, who.person, f"p:{tap}")


def _worth(replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """Without the privacy notice of a first talk: the page has its own link to it."""
    return tuple(reply for reply in replies if reply.text and not reply.link)


async def _photos(app: App, form: Form) -> tuple[Media, ...]:
    found = []
    for field in form.getall("photo", [])[:PHOTOS_MOST]:
        if not isinstance(field, web.FileField) or not field.filename:
            continue
        try:
            with field.file as file:
                name = await media.keep_photo(app, file.read())
        except BadMedia:
            raise web.HTTPBadRequest(text=NOT_A_PHOTO) from None
        found.append(Media("photo", f"file:{name}"))
    return tuple(found)


def look(request: web.Request) -> dict[str, Any]:
    """Large type as asked for now or kept from before; the address of this page for the switch."""
    given = request.query.get("big", request.cookies.get(_BIG, ""))
    return {"big": given == "1", "here": request.path}


def keep_look(request: web.Request, response: web.Response) -> web.Response:
    if "big" in request.query:
        value = "1" if request.query["big"] == "1" else "0"
        secure = request.app[APP].settings.https
        response.set_cookie(_BIG, value, max_age=_YEAR, httponly=True, secure=secure, samesite="Lax", path="/m")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
