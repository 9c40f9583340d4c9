"""Pages about points that are opened without a log-in: a month's notice 公示, and the picture of a pick-up code."""

from __future__ import annotations

import asyncio
import re

from aiohttp import web

from bot.console.activities import picture
from bot.console.words import masked_name
from bot.keys import APP
from bot.public.pages import render
from handlers.numerals import number_in
from storage import view_points

_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_CODE = re.compile(r"\d{8}")


async def month(request: web.Request) -> web.Response:
    """GET /open/points/<community>/<YYYY-MM>: sums by rule for all, names (family name only) of those who agreed."""
    community, name, app = request.match_info["community"], request.match_info["month"], request.app[APP]
    found = None
    if _MONTH.fullmatch(name):
        found = await asyncio.to_thread(view_points.month, app.db, number_in(community), name)
    if found is None:
        return render("points_missing.html", status=404)
    ranked = [(masked_name(who) or "居民", points) for who, points in found.ranked]
    state = "done" if found.closed else "open" if app.clock() < found.until else "late"
    return render("points_month.html", month=found, ranked=ranked, number=int(found.month[5:]), state=state)


async def pick(request: web.Request) -> web.Response:
    """GET /m/pick/<code>: the code large and as a picture to be scanned at the counter. It says nothing of whose it
    is or whether it is good: that is looked up by who hands the thing out.
    """
    code = request.match_info["code"]
    if not _CODE.fullmatch(code):
        raise web.HTTPNotFound(text="没有这个兑换码。")
    address = f"{request.app[APP].settings.address}/console/shop/pickup?code={code}"
    return render("pick.html", picture=picture(address), code=f"{code[:4]} {code[4:]}")


def routes() -> list[web.RouteDef]:
    return [web.get("/open/points/{community}/{month}", month), web.get("/m/pick/{code}", pick)]
