"""The points shop: what there is, stock, and handing out by a code that is typed or scanned."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from aiohttp import web

from bot.console.clicks import act, home, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.points import shop, table
from handlers.points.cases import name_of
from handlers.points.port import Item, Redemption
from handlers.points.texts import CODE_WRONG, NOT_YOURS
from handlers.read import Read
from handlers.types import Outcome, Turn
from storage.looking import looking

_PATH = "/console/shop"
_CODE = re.compile(r"\d{8}")


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/shop"""
    return await _show(request, viewer, {}, {})


async def _show(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    app = request.app[APP]
    community = home(app, viewer, request.query.get("community", ""))

    def look() -> tuple[Item, ...]:
        with looking(app.db, app.clock()) as read:
            return read.shop_all(community)

    items = await asyncio.to_thread(look)
    status = 422 if wrong else 200
    return show(request, viewer, "shop.html", status=status, items=items, form=form, wrong=wrong, community=community)


@dataclass(frozen=True, slots=True)
class Found:
    redemption: Redemption
    who: str


async def pickup(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/shop/pickup?code=…: what a scanned or typed code stands for, before it is handed out."""
    app = request.app[APP]
    code = re.sub(r"\s", "", request.query.get("code", ""))

    def look() -> tuple[Found | None, str]:
        with looking(app.db, app.clock()) as read:
            found = read.redemption_coded(code) if _CODE.fullmatch(code) else None
            if found is None or found.state != "held" or found.until < app.clock():
                return None, CODE_WRONG
            if found.community not in (viewer.communities or ()):
                return None, NOT_YOURS
            return Found(found, name_of(read, found.person)), ""

    found, why = await asyncio.to_thread(look)
    if found is None:
        return back(request, _PATH, why, good=False)
    return show(request, viewer, "pickup.html", found=found, code=code)


async def hand_out(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/shop/pickup"""
    code = re.sub(r"\s", "", (await fields(request)).get("code", ""))
    good, words = await act(request, viewer, shop.collect, f"核销 {code}")
    return back(request, _PATH, words, good=good)


async def save(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/shop: `item` "" for something new."""
    form = await fields(request)
    community = home(request.app[APP], viewer, form.get("community", ""))

    def work(turn: Turn, read: Read) -> Outcome:
        item = number(form, "item") if form.get("item") else 0
        more = number(form, "more") if form.get("more") else 0
        return table.set_item(
            turn, read, community, item, form.get("name", ""), number(form, "points"), more, form.get("pickup", ""),
            form.get("open") == "1",
        )  # fmt: skip

    good, words = await act(request, viewer, work)
    if not good and not form.get("item"):
        return await _show(request, viewer, form, {"": words})
    return back(request, _PATH, words, good=good)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", _PATH, Right.SHOP_RUN, page),
        door("POST", _PATH, Right.SHOP_RUN, save),
        door("GET", f"{_PATH}/pickup", Right.SHOP_RUN, pickup),
        door("POST", f"{_PATH}/pickup", Right.SHOP_RUN, hand_out),
    ]
