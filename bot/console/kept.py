"""What was written into a form that came to nothing, so that it is not lost: its log-in had ended, or it was refused.

After the log-in's end the form is put aside and offered again after the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.console import scope
from bot.console.scope import Viewer
from bot.keys import APP
from storage import drafts
from storage.drafts import Draft

_NEVER = frozenset({"csrf", "password", "old", "new", "again", "code"})  # not written down, even sealed
_KEY = web.RequestKey("kept", Draft)
REFUSED = "refused"  # kept=refused in the address; else kept=1
_SHOWN, _LONGEST = 5, 300
_READ = 256 * 1024  # bytes


async def put_aside(request: web.Request) -> web.Response | None:
    """To the log-in that leads back to the page with what was filled in; None where there is nothing to keep."""
    app, token = request.app[APP], scope.token(request)
    if request.method != "POST" or not token:
        return None
    try:
        async with asyncio.timeout(scope.BODY_SECONDS):
            given = await request.post()
    except TimeoutError:
        return None
    for value in given.values():
        if isinstance(value, web.FileField):
            value.file.close()  # to be chosen again
    fields = tuple((name, value) for name, value in given.items() if isinstance(value, str) and name not in _NEVER)
    page = page_of(request)
    draft = Draft(request.rel_url.raw_path_qs, page, fields)
    if not fields or not await asyncio.to_thread(drafts.keep, app.db, token, draft, app.clock()):
        return None
    then = scope.inside(f"{page}{'&' if '?' in page else '?'}kept=1") or "/console/?kept=1"
    where = f"/console/login?{urlencode({'next': then})}"
    return web.Response(status=303, headers={"Location": where, "Cache-Control": "no-store"})


async def refused(request: web.Request, response: web.StreamResponse) -> None:
    """What was written goes along to the page that says why it came to nothing."""
    app, token, where = request.app[APP], scope.token(request), response.headers.get("Location", "")
    given = [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]
    fields = tuple(field for field in given if field[0] not in _NEVER)
    draft = Draft(request.rel_url.raw_path_qs, where, fields)
    if not _words(fields):
        return
    if await asyncio.to_thread(drafts.keep, app.db, token, draft, app.clock()):
        path, sign, part = where.partition("#")
        response.headers["Location"] = f"{path}{'&' if '?' in path else '?'}kept={REFUSED}{sign}{part}"


async def take_up(request: web.Request, viewer: Viewer) -> None:
    """For the page that `show` is about to show."""
    if request.method == "GET" and "kept" in request.query and viewer.session:
        app, login = request.app[APP], viewer.session.login
        if found := await asyncio.to_thread(drafts.kept, app.db, login, app.clock()):
            request[_KEY] = found


async def done(request: web.Request, viewer: Viewer) -> None:
    """Something was sent by the same person: what was kept is not needed any more."""
    if viewer.session:
        await asyncio.to_thread(drafts.forget, request.app[APP].db, viewer.session.login)


def shown(request: web.Request, form: dict[str, Any]) -> dict[str, Any]:
    """What `show` gives to the template: the form filled in again, the draft, what was written in it."""
    draft = request.get(_KEY)
    if draft is None:
        return {"aside": None}
    words, again = _words(draft.fields), request.query.get("kept") == REFUSED
    if not again:  # the whole of it is sent by the button
        words = [word[:_LONGEST] for word in words[:_SHOWN]]
    return {"aside": draft, "aside_refused": again, "aside_words": words, "form": {**form, **dict(draft.fields)}}


async def written(request: web.Request) -> list[str]:
    """What somebody wrote into a form that is too old to be taken: shown to him once, put nowhere. What is as large
    as a photo is not read for somebody nobody knows.
    """
    if (request.content_length or _READ + 1) > _READ:
        return []
    given = [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]
    return _words([field for field in given if field[0] not in _NEVER])


def page_of(request: web.Request) -> str:
    """The page a form stood on."""
    return scope.inside(_path(request.headers.get("Referer", ""))) or "/console/"


def _words(fields: Iterable[tuple[str, str]]) -> list[str]:
    return [value for _, value in fields if not value.isascii() or " " in value.strip()]


def _path(address: str) -> str:
    """Path and question of the page a form stood on; what was kept before is not asked for twice."""
    parts = urlsplit(address)
    question = "&".join(part for part in parts.query.split("&") if part and not part.startswith("kept="))
    return parts.path + (f"?{question}" if question else "")
