"""Estates and buildings: who lives where, moving out, the QR sheets to print."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.console.activities import picture
from bot.console.asking import act, found, here, hidden, me, number
from bot.console.contact import LONGEST, SHORTEST
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.importing.exporter import RELATION_NAMES
from bot.keys import APP
from bot.plates import NoCodes, addresses
from handlers import succession
from handlers.grids import texts
from handlers.numerals import number_in
from storage import audit, view_homes, view_people

SOURCES = {"text": "本人登记", "scan": "扫码", "desk": "社区登记", "import": "表格导入"}


@dataclass(frozen=True, slots=True)
class Plate:
    """What is printed for a building. `picture`: a data address of an SVG."""

    label: str
    picture: str
    code: str


async def estate(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/estates/<id>: its buildings."""
    app, wanted = request.app[APP], number(request)
    rows = await asyncio.to_thread(view_people.buildings_of, app.db, wanted, here(viewer))
    names = {key: name for key, name, _, _ in await asyncio.to_thread(view_people.estate_names, app.db, here(viewer))}
    return show(request, viewer, "people_estate.html", estate=wanted, name=found(names.get(wanted)), buildings=rows)


async def building(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/buildings/<id>: its households, names and telephones masked."""
    app = request.app[APP]
    page = found(await asyncio.to_thread(view_homes.building, app.db, number(request), here(viewer)))
    return show(
        request, viewer, "people_building.html", page=page, hidden=hidden, relations=RELATION_NAMES, sources=SOURCES,
        reasons=texts.REASONS, lives=sum(len(house.dwellers) for house in page.houses),
    )  # fmt: skip


async def end(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/homes/end: 搬走了, 登记错了."""
    given, app = await fields(request), request.app[APP]
    person, house = number_in(given.get("person", "")), number_in(given.get("household", ""))
    reason, where = given.get("reason", ""), number_in(given.get("building", ""))
    said, good = await act(
        request, viewer,
        lambda read: succession.move_out(
            person, house, reason, here(viewer), me(viewer), app.clock(), app.policy, read
        ),
    )  # fmt: skip
    return back(request, f"/console/people/buildings/{where}" if where else "/console/people", said, good=good)


async def shown(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/homes/show: one person's name and telephone in full, with a reason, written down first."""
    given, app = await fields(request), request.app[APP]
    person, house = number_in(given.get("person", "")), number_in(given.get("household", ""))
    where, reason = number_in(given.get("building", "")), given.get("reason", "")
    if not SHORTEST <= len(reason) <= LONGEST:
        text = f"要看全名和电话，请写理由，{SHORTEST}到{LONGEST}个字。"
        return back(request, f"/console/people/buildings/{where}" if where else "/console/people", text, good=False)

    def read() -> tuple[view_homes.HouseRow, view_homes.Dweller] | None:
        page = view_homes.building(app.db, where, here(viewer))
        mine = ((home, one) for home in (page.houses if page else ()) for one in home.dwellers)
        found_ = next(((home, one) for home, one in mine if (home.id, one.person) == (house, person)), None)
        if found_ is not None:
            login = viewer.session.login if viewer.session else ""
            body = {"person": person, "household": house, "login": login, "reason": reason}
            with app.db.writing() as conn:
                audit.note(conn, "ContactSeen", body, app.clock(), via="console", actor=me(viewer))
        return found_

    home, one = found(await asyncio.to_thread(read))
    return show(
        request, viewer, "people_shown.html", one=one, house=home, building=where, relations=RELATION_NAMES
    )  # fmt: skip


async def plates(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/estates/<id>/plates: a code for each building, six to a page of paper."""
    app = request.app[APP]
    community, several = found(await asyncio.to_thread(view_homes.plates, app.db, number(request), here(viewer)))
    try:
        behind = await addresses(app, [code for _, code in several])
    except NoCodes as no:
        return back(request, f"/console/people/estates/{number(request)}", str(no), good=False)
    made = [Plate(label, picture(behind[code], scale=6), code) for label, code in several]
    return show(
        request, viewer, "people_plates.html", plates=made, community=community, estate=number(request),
        wechat="wechat" in app.channels,
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/people/estates/{id}", Right.PEOPLE_SEE, estate),
        door("GET", "/console/people/estates/{id}/plates", Right.PEOPLE_SEE, plates),
        door("GET", "/console/people/buildings/{id}", Right.PEOPLE_SEE, building),
        door("POST", "/console/people/homes/show", Right.UNMASK, shown),
        door("POST", "/console/people/homes/end", Right.PEOPLE_EDIT, end),
    ]
