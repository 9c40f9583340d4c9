"""Re-drawing micro-grids: what goes where, a preview with numbers and names, the day it begins."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.console.asking import act, ask, day_in, found, here, me, number, today
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import succession
from handlers.grids import borders
from handlers.numerals import number_in
from handlers.types import Refused
from storage import view_blocks, view_people
from storage.view_blocks import Block
from storage.view_people import GridRow

_MOVES = re.compile(r"\d{1,19}:\d{1,19}:\d{1,19}(,\d{1,19}:\d{1,19}:\d{1,19}){0,5000}")
FAULTS = {"few": "偏少", "many": "偏多", "": ""}


@dataclass(frozen=True, slots=True)
class Leg:
    """Households that go from one micro-grid to another, in words."""

    before: str
    after: str
    houses: tuple[str, ...]


async def _read(request: web.Request, viewer: Viewer) -> tuple[GridRow, list[Block]]:
    app, ids = request.app[APP], here(viewer)
    wanted, most = number(request), app.policy.micro_households[1]
    row = await asyncio.to_thread(view_people.grid, app.db, wanted, ids, today(app))
    return found(row), await asyncio.to_thread(view_blocks.blocks, app.db, wanted, ids, most)


async def form(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/grids/<id>/redraw"""
    grid, blocks = await _read(request, viewer)
    return _form(request, viewer, grid, blocks, {"day": today(request.app[APP]).isoformat()})


def _form(
    request: web.Request,
    viewer: Viewer,
    grid: GridRow,
    blocks: Sequence[Block],
    given: dict[str, str],
    wrong: str = "",
) -> web.Response:
    return show(
        request, viewer, "people_redraw.html", status=422 if wrong else 200, grid=grid, blocks=blocks, form=given,
        wrong={"": wrong} if wrong else {}, bounds=request.app[APP].policy.micro_households,
    )  # fmt: skip


async def preview(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/grids/<id>/redraw: what would happen; nothing is changed."""
    given = await fields(request)
    grid, blocks = await _read(request, viewer)
    wanted = {
        house: target
        for block in blocks
        if (target := number_in(given.get(f"b{block.key}", "")))
        for house in block.houses
    }
    day = day_in(given.get("day", ""))
    if day is None:
        return _form(request, viewer, grid, blocks, given, "请选生效日期。")
    app, ids = request.app[APP], here(viewer)

    try:
        seen = await ask(request, viewer, lambda read: borders.preview(wanted, ids, grid.community, app.policy, read))
        borders.check_day(day, today(app), app.policy)
    except Refused as no:
        return _form(request, viewer, grid, blocks, given, str(no))
    return show(
        request, viewer, "people_redraw_preview.html", grid=grid, seen=seen, day=day, faults=FAULTS,
        legs=await asyncio.to_thread(_legs, request, viewer, seen.moves), bounds=app.policy.micro_households,
        names=await ask(request, viewer, lambda read: [p.name for i in seen.leaders if (p := read.person(i))]),
        moves=",".join(f"{a}:{b}:{c}" for a, b, c in seen.moves), now_day=today(app), form=given,
    )  # fmt: skip


def _legs(request: web.Request, viewer: Viewer, moves: borders.Moves) -> list[Leg]:
    db = request.app[APP].db
    labels = view_blocks.house_labels(db, [house for house, _, _ in moves])
    with db.reading() as conn:
        rows = view_people.micro_rows(conn, here(viewer), today(request.app[APP]))
    names = {row.id: row.name for row in rows}
    legs: dict[tuple[int, int], list[str]] = {}
    pair = {house: (before, after) for house, before, after in moves}
    for house, label in labels.items():
        legs.setdefault(pair[house], []).append(label)
    return [
        Leg(names.get(before, "还没有划"), names.get(after, ""), tuple(houses))
        for (before, after), houses in legs.items()
    ]


async def confirm(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/grids/<id>/redraw/confirm: as the preview showed it, or not at all."""
    given, app = await fields(request), request.app[APP]
    grid, _ = await _read(request, viewer)
    day, moves = day_in(given.get("day", "")), given.get("moves", "")
    if day is None or not _MOVES.fullmatch(moves):
        raise web.HTTPBadRequest(text="请从预览页提交。")
    seen = tuple(
        (number_in(house), number_in(before), number_in(after))
        for house, before, after in (leg.split(":") for leg in moves.split(","))
    )
    said, good = await act(
        request, viewer,
        lambda read: succession.redraw(
            seen, day, here(viewer), grid.community, me(viewer), app.clock(), app.policy, read
        ),
    )  # fmt: skip
    if good:
        await app.refresh_register()
    where = "/console/people" if good else f"/console/people/grids/{grid.id}/redraw"
    return back(request, where, said, good=good)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/people/grids/{id}/redraw", Right.PEOPLE_EDIT, form),
        door("POST", "/console/people/grids/{id}/redraw", Right.PEOPLE_EDIT, preview),
        door("POST", "/console/people/grids/{id}/redraw/confirm", Right.PEOPLE_EDIT, confirm),
    ]
