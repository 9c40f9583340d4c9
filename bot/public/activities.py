"""Pages of activities that residents open: the notice, the scanned check-in code, the hours record and its check."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

from aiohttp import web

from bot import media
from bot.console.activities import picture
from bot.console.words import masked_name
from bot.keys import APP
from bot.public.pages import render
from handlers.activities.rules import hours_text
from handlers.numerals import number_in
from nlp.when import ZONE
from storage import doorcodes, view_activities, view_honour
from storage.view_activities import Certificate

_SERIAL = re.compile(r"JS\d{8}[0-9A-Z]{8}")
_STAR = re.compile(r"XJ\d{8}[0-9A-Z]{8}")


async def notice(request: web.Request) -> web.Response:
    """GET /m/activity/<id>: the whole recruiting notice; how to sign up is said in words."""
    number, app = number_in(request.match_info["id"]), request.app[APP]
    found = await asyncio.to_thread(view_activities.notice, app.db, number)
    if found is None:
        return render("activity_missing.html", status=404)
    shown = await asyncio.to_thread(view_honour.photos, app.db, found.row.id)
    return render("activity.html", notice=found, photos=[media.link(app, file) for file in shown])


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
        "hours.html", paper=found, lines=lines, total=hours_text(found.half),
        picture=picture(check, 4), check=check, issued=_date(found.issued),
    )  # fmt: skip


async def check(request: web.Request) -> web.Response:
    """GET /m/check/<serial>: whether the paper is ours; the name masked."""
    if _STAR.fullmatch(request.match_info["serial"]):
        return await _star_check(request)
    found = await _found(request)
    if found is None:
        return render("hours_missing.html", status=404)
    return render(
        "hours_check.html", paper=found, name=masked_name(found.name), total=hours_text(found.half),
        issued=_date(found.issued),
    )  # fmt: skip


async def star(request: web.Request) -> web.Response:
    """GET /m/star/<serial>: the paper of a granted star, for whoever holds its address."""
    app, serial = request.app[APP], request.match_info["serial"]
    paper = None
    if _STAR.fullmatch(serial):
        paper = await asyncio.to_thread(view_honour.certificate, app.db, serial)
    if paper is None:
        return render("hours_missing.html", status=404)
    address = f"{app.settings.address}/m/check/{paper.serial}"
    return render(
        "star.html", paper=paper, total=hours_text(paper.half), picture=picture(address, 4), check=address,
        issued=_date(paper.granted),
    )  # fmt: skip


async def stars_shown(request: web.Request) -> web.Response:
    """GET /open/stars/<community>: who is in the 公示 now, by family name (domain.md §4.2)."""
    app, number = request.app[APP], number_in(request.match_info["community"])
    office = await asyncio.to_thread(view_honour.office, app.db, number)
    if office is None:
        return render("hours_missing.html", status=404)
    found = await asyncio.to_thread(view_honour.shown, app.db, number)
    lines = [(one, masked_name(one.name), hours_text(one.half)) for one in found]
    return render("stars_shown.html", office=office[0], phone=office[1], lines=lines)


async def _star_check(request: web.Request) -> web.Response:
    app = request.app[APP]
    paper = await asyncio.to_thread(view_honour.certificate, app.db, request.match_info["serial"])
    if paper is None:
        return render("hours_missing.html", status=404)
    return render("star_check.html", paper=paper, name=masked_name(paper.name), issued=_date(paper.granted))


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
        web.get("/m/star/{serial}", star),
        web.get("/open/stars/{community}", stars_shown),
    ]
