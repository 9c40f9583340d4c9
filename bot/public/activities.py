"""Pages of activities that residents open: the notice, the scanned check-in code, the hours record and its check."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

from aiohttp import web

from bot.console.activities import picture
from bot.console.words import masked_name
from bot.keys import APP
from bot.public.pages import render
from handlers.activities.rules import hours_text, stars
from nlp.when import ZONE
from storage import doorcodes, view_activities
from storage.view_activities import Certificate

_SERIAL = re.compile(r"JS\d{8}[0-9A-Z]{8}")


async def notice(request: web.Request) -> web.Response:
    """GET /m/activity/<id>: the whole recruiting notice; how to sign up is said in words."""
    number, app = request.match_info["id"], request.app[APP]
    found = None
    if number.isascii() and number.isdecimal() and len(number) <= 19:
        found = await asyncio.to_thread(view_activities.notice, app.db, int(number))
    if found is None:
        return render("activity_missing.html", status=404)
    return render("activity.html", notice=found)


async def arrived(request: web.Request) -> web.Response:
    """GET /m/in?c=…: scanned with the phone's camera: the six digits to send in the chat, while the code is good."""
    app = request.app[APP]
    now = app.clock()
    activity = doorcodes.activity_of(request.query.get("c", ""), now)
    digits = doorcodes.digits(activity, now)[0] if activity else ""
    return render("arrived.html", digits=digits, status=200 if digits else 410)


async def hours(request: web.Request) -> web.Response:
    """GET /m/hours/<serial>: the record to print, for whoever holds its address."""
    found = await _found(request)
    if found is None:
        return render("hours_missing.html", status=404)
    check = f"{request.app[APP].settings.address}/m/check/{found.serial}"
    lines = [(day, name, hours_text(half)) for day, name, half in found.lines]
    return render(
        "hours.html", paper=found, lines=lines, total=hours_text(found.half), stars=stars(found.half),
        picture=picture(check, 4), check=check, issued=_date(found.issued),
    )  # fmt: skip


async def check(request: web.Request) -> web.Response:
    """GET /m/check/<serial>: whether the paper is ours; the name masked."""
    found = await _found(request)
    if found is None:
        return render("hours_missing.html", status=404)
    return render(
        "hours_check.html", paper=found, name=masked_name(found.name), total=hours_text(found.half),
        issued=_date(found.issued),
    )  # fmt: skip


def _date(at: datetime) -> str:
    """2026年6月20日: a paper may be looked at years later."""
    local = at.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


async def _found(request: web.Request) -> Certificate | None:
    serial = request.match_info["serial"]
    if not _SERIAL.fullmatch(serial):
        return None
    return await asyncio.to_thread(view_activities.certificate, request.app[APP].db, serial)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/m/activity/{id}", notice),
        web.get("/m/in", arrived),
        web.get("/m/hours/{serial}", hours),
        web.get("/m/check/{serial}", check),
    ]
