"""Shows a console page in the common frame, goes back with a word, reads a form. Knows no area."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.console import kept, navigation, rights, scope, words
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public.pages import IN_PAGE, environment, render

REFUSED = web.RequestKey("refused", bool)  # a form came to nothing
_SAID = "jushe_said"
_SECONDS = 60  # a word about what was just done is not kept longer
_LARGE = "jushe_large"
_YEAR = 365 * 24 * 3600
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
environment.filters["clock"] = words.clock


def _signer(request: web.Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app[APP].key, salt="console said")


def show(request: web.Request, viewer: Viewer, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page that extends frame.html. A page with a form gives `form` (what stands in its fields, by name) and,
    when something is wrong, `wrong` (a sentence by field name; "" for the whole form) with status 422.
    """
    said, good = _said(request)
    kept_form = kept.shown(request, values.get("form", {}))
    where = request.path if request.method == "GET" else navigation.home(viewer)
    response = render(
        template, status=status,
        **{
            "viewer": viewer, "session": viewer.session, "may": viewer.may, "Right": rights.Right,
            "areas": navigation.seen_by(viewer), "area": navigation.current(request.path), "path": where,
            "role": rights.NAMES[viewer.session.role] if viewer.session else "",
            "csrf": scope.csrf(request) if viewer.session else "", "said": said, "good": good,
            "large": _LARGE in request.cookies, "now": request.app[APP].clock(), "form": {}, "wrong": {}, **values,
            **kept_form,
        },
    )  # fmt: skip
    if said:
        response.del_cookie(_SAID, path="/console")
    return response


def back(request: web.Request, path: str, said: str = "", *, good: bool = True) -> web.Response:
    """303 to a console page, which says once what came of it. `good` False: it did not come about."""
    if not path.startswith("/console/"):
        raise ValueError(f"not a page of the console: {path}")
    request[REFUSED] = not good
    if said and not good and request.headers.get(IN_PAGE):
        return web.Response(status=422, text=said)  # said on the page that is still open
    response = web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
    if said:
        text = str(_signer(request).dumps([said[:400], good]))
        _cookie(request, response, _SAID, text, _SECONDS)
    return response


async def fields(request: web.Request) -> dict[str, str]:
    """The form as text by name, trimmed, control signs left out; the last of several of one name. No files."""
    return {name: values[-1] for name, values in (await lists(request)).items()}


async def lists(request: web.Request) -> dict[str, list[str]]:
    """The same with every value, for boxes to tick."""
    found: dict[str, list[str]] = {}
    for name, value in (await request.post()).items():
        if name != "csrf" and isinstance(value, str):
            found.setdefault(name, []).append(_CONTROL.sub("", value.replace("\r\n", "\n")).strip())
    return found


async def upload(request: web.Request, name: str) -> tuple[str, bytes] | None:
    """A file of the form as (its name there, content); None when none was chosen."""
    given = (await request.post()).get(name)
    if not isinstance(given, web.FileField) or not given.filename:
        return None
    with given.file as file:  # else it is open until the next collection
        return given.filename, file.read()


async def close_files(request: web.Request) -> None:
    """What was handed in is gone from the disk, whoever read it or not."""
    if request.content_type == "multipart/form-data":
        for given in (await request.post()).values():
            if isinstance(given, web.FileField):
                given.file.close()


async def large(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/large: large type on or off on this device, then back to the page."""
    where = (await fields(request)).get("path", "")
    response = back(request, where if where.startswith("/console/") and "//" not in where else "/console/")
    if _LARGE in request.cookies:
        response.del_cookie(_LARGE, path="/console")
    else:
        _cookie(request, response, _LARGE, "1", _YEAR)
    return response


def _said(request: web.Request) -> tuple[str, bool]:
    given = request.cookies.get(_SAID, "")
    if not given:
        return "", True
    try:
        said, good = _signer(request).loads(given, max_age=_SECONDS)
    except (BadSignature, ValueError):
        return "", True
    return str(said), bool(good)


def _cookie(request: web.Request, response: web.Response, name: str, value: str, seconds: int) -> None:
    https = request.app[APP].settings.https
    response.set_cookie(name, value, max_age=seconds, httponly=True, secure=https, samesite="Lax", path="/console")
