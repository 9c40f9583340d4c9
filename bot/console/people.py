"""People and places: grids with who answers for them, one micro-grid, the search 谁管我们楼."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

import nlp
from bot.console import organisations, people_acts, people_gaps, people_homes, people_redraw
from bot.console.asking import found, here, number, today
from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.grids import texts
from handlers.grids.rules import outside
from storage import view_changes, view_homes, view_people
from storage.view_people import MicroRow

if TYPE_CHECKING:
    from bot.app import App

_PHONE = re.compile(r"[\s\-+()（）]|^(?:\+?86)")
_LONGEST = 60  # characters of a question


@dataclass(frozen=True, slots=True)
class Answer:
    """A place that was asked for, with the micro-grids it lies in; `label` "" where the words name no place here."""

    label: str
    micros: tuple[MicroRow, ...]
    people: tuple[view_homes.Found, ...] = ()


def answers(app: App, viewer: Viewer, words: str) -> list[Answer]:
    """Who answers for what the words name: an address in any way of writing, or a whole telephone number. Blocks."""
    ids, day = here(viewer), today(app)
    digits = _PHONE.sub("", words)
    if len(digits) == 11 and digits.isdecimal():
        people = tuple(view_homes.with_phone(app.db, digits, ids))
        return [Answer("", (), people)]
    said = nlp.understand(words[:_LONGEST], app.register, now=app.clock())
    places = [place for place in said.place.found if place.community in ids]
    return [Answer(place.label, tuple(view_people.cover(app.db, place, ids, day))) for place in places[:5]]


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people: every grid; with ?q=, who answers for a place."""
    app, words = request.app[APP], request.query.get("q", "").strip()[:_LONGEST]
    ids, day = here(viewer), today(app)
    grids, planned, estates, answered = await asyncio.to_thread(
        lambda: (
            view_people.overview(app.db, ids, day), view_changes.planned(app.db, ids),
            view_people.estate_names(app.db, ids), answers(app, viewer, words) if words else [],
        )
    )  # fmt: skip
    least, most = app.policy.micro_households
    return show(
        request, viewer, "people.html", grids=grids, planned=planned, estates=estates, q=words, answers=answered,
        size=lambda micro: outside(micro.households, least, most), least=least, most=most, roles=texts.ROLES,
        many=len({grid.community for grid in grids}) > 1,
    )  # fmt: skip


async def micro(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/micro/<id>"""
    app = request.app[APP]
    ids, day, wanted = here(viewer), today(app), number(request)
    row, buildings = found(await asyncio.to_thread(view_people.micro, app.db, wanted, ids, day))
    planned = await asyncio.to_thread(view_changes.planned, app.db, ids)
    form = {"day": day.isoformat(), "tasks": "pass"}
    return show(
        request, viewer, "people_micro.html", micro=row, buildings=buildings, form=form, roles=texts.ROLES,
        planned=[one for one in planned if one.kind == "post" and one.scope == row.id and one.role != "grid"],
    )  # fmt: skip


async def grid(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/grids/<id>"""
    app = request.app[APP]
    ids, day = here(viewer), today(app)
    row = found(await asyncio.to_thread(view_people.grid, app.db, number(request), ids, day))
    planned = await asyncio.to_thread(view_changes.planned, app.db, ids)
    least, most = app.policy.micro_households
    return show(
        request, viewer, "people_grid.html", grid=row, form={"day": day.isoformat(), "tasks": "pass"},
        roles=texts.ROLES, size=lambda micro: outside(micro.households, least, most),
        planned=[one for one in planned if one.role == "grid" and one.scope == row.id],
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/people", Right.PEOPLE_SEE, page),
        door("GET", "/console/people/micro/{id}", Right.PEOPLE_SEE, micro),
        door("GET", "/console/people/grids/{id}", Right.PEOPLE_SEE, grid),
        *people_acts.routes(),
        *people_homes.routes(),
        *people_redraw.routes(),
        *people_gaps.routes(),
        *organisations.routes(),
    ]
