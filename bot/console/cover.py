"""Covering faces and plates of a photo: rectangles drawn with the mouse or written as numbers; the original stays."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.console import asking, opened
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.images import BadMedia, covered, keep, place
from bot.keys import APP
from handlers.tickets import covering
from storage import media as photos
from storage import views
from storage.media import Shown

if TYPE_CHECKING:
    from bot.app import App

MOST = 20  # rectangles at once
_NUMBER = r"(\d{1,3}(?:\.\d{1,4})?)"
_LINE = re.compile(rf"^{_NUMBER}[\s,，]+{_NUMBER}[\s,，]+{_NUMBER}[\s,，]+{_NUMBER}$")
Box = tuple[float, float, float, float]


def boxes_in(text: str) -> list[Box]:
    """One rectangle a line: left, top, width, height in percent. Raises ValueError with what is wrong."""
    found: list[Box] = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        match = _LINE.match(line)
        if match is None:
            raise ValueError(f"第{number}行要写四个数：左、上、宽、高，用空格隔开，都是百分比。")
        left, top, width, height = map(float, match.groups())
        if width <= 0 or height <= 0 or left + width > 100.001 or top + height > 100.001:
            raise ValueError(f"第{number}行超出了照片。左加宽、上加高都不能超过100，宽和高要大于0。")
        found.append((left, top, width, height))
    if not found:
        raise ValueError("还没有画。在照片上拖出方块，或者写四个数。")
    if len(found) > MOST:
        raise ValueError(f"一次最多{MOST}块。")
    return found


async def page(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/tickets/<id>/photos/<photo>"""
    return await _shown(request, viewer, {}, {}, 200)


async def act(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST: do=cover with the rectangles, or do=restore."""
    app, ticket = request.app[APP], asking.number(request)
    form, photo = await fields(request), await _photo(request, viewer)
    me, where = asking.me(viewer), f"/console/tickets/{ticket}"
    if form.get("do") == "restore":
        said, done = await asking.act(request, viewer, lambda read: covering.restore(ticket, photo.id, me, read))
        return back(request, where, said, good=done)
    try:
        boxes = boxes_in(form.get("boxes", ""))
        async with app.decoding:
            file = await asyncio.to_thread(_made, app, photo.file, boxes)
    except ValueError as wrong:
        return await _shown(request, viewer, form, {"boxes": str(wrong)}, 422)
    except (BadMedia, OSError):
        return await _shown(request, viewer, form, {"": "这张照片现在读不出来，请过一会儿再试。"}, 422)
    said, done = await asking.act(request, viewer, lambda read: covering.cover(ticket, photo.id, file, me, read))
    return back(request, where, said, good=done)


def _made(app: App, file: str, boxes: list[Box]) -> str:
    data = place(app.media_folder, file).read_bytes()
    return keep(app.media_folder, covered(data, boxes), "jpg")


async def _shown(
    request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str], status: int
) -> web.StreamResponse:
    app, photo = request.app[APP], await _photo(request, viewer)
    return show(
        request, viewer, "photo.html", status=status, number=asking.number(request), photo=photo,
        href=media.link(app, photo.file), form={"boxes": "", **form}, wrong=wrong,
    )  # fmt: skip


async def _photo(request: web.Request, viewer: Viewer) -> Shown:
    """404 also for a photo of another ticket, or of one that has to be opened first."""
    app, ticket, number = request.app[APP], asking.number(request), asking.number(request, "photo")

    def look() -> Shown | None:
        row = views.board_row(app.db, ticket, viewer.sight)
        if row is None or opened.closed(request, viewer, ticket, row.category_code):
            return None
        return next((p for p in photos.shown(app.db, ticket) if p.id == number and p.kind == "photo"), None)

    return asking.found(await asyncio.to_thread(look))


def routes() -> list[web.RouteDef]:
    path = "/console/tickets/{id}/photos/{photo}"
    return [door("GET", path, Right.TICKETS_ACT, page), door("POST", path, Right.TICKETS_ACT, act)]
