"""Renders templates and hands out the static files of all pages; knows nothing of what a page is about."""

from __future__ import annotations

import functools
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handlers.tickets.clock import SHANGHAI

_BOT = Path(__file__).parent.parent
_STATIC = (_BOT / "public" / "static", _BOT / "console" / "static")  # no name twice
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

environment = Environment(
    loader=FileSystemLoader([_BOT / "public" / "templates", _BOT / "console" / "templates"]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


IN_PAGE = "X-In-Page"  # a form sent by forms.js: its page stays open where it is refused


def day_and_time(at: datetime) -> str:
    """11月26日 9:05, Shanghai time."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02d}"


environment.filters["at"] = day_and_time


def render(template: str, /, *, status: int = 200, **values: Any) -> web.Response:
    """A page or fragment; never kept by a cache, since most hold what only one person may see."""
    text = environment.get_template(template).render(**values)
    return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


@functools.cache
def _files() -> dict[str, tuple[bytes, str, str]]:
    """Name → content, type, tag: only what lies in the folders can be asked for."""
    found: dict[str, tuple[bytes, str, str]] = {}
    for path in sorted(path for folder in _STATIC for path in folder.iterdir()):
        data = path.read_bytes()
        found[path.name] = (data, _TYPES[path.suffix], hashlib.sha256(data).hexdigest()[:16])
    return found


async def static(request: web.Request) -> web.Response:
    """GET /static/<name>: asked again each time but only sent when changed, so an update is seen at once."""
    name = request.match_info["name"]
    if name not in _files():
        raise web.HTTPNotFound(text="没有这个文件。")
    data, content_type, tag = _files()[name]
    if any(given.value == tag for given in request.if_none_match or ()):
        raise web.HTTPNotModified(headers={"ETag": f'"{tag}"'})
    response = web.Response(body=data, content_type=content_type, charset="utf-8")
    response.etag = tag
    response.headers["Cache-Control"] = "no-cache"
    return response
