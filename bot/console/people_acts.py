"""What is done about posts: a change with its day, taken back, a code for the chat, a new micro-grid."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import select

from bot.console.asking import act, day_in, found, here, me, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import succession
from handlers.grids import texts
from handlers.grids.posts import Wish
from handlers.numerals import number_in
from storage import audit, people
from storage.schema import grids, micro_grids, persons, posts

if TYPE_CHECKING:
    from bot.app import App

CLAIM_DAYS = 7


def _home(role: str, scope: int) -> str:
    return f"/console/people/grids/{scope}" if role == "grid" else f"/console/people/micro/{scope}"


async def change(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/posts: somebody else holds a post, from a day on."""
    given, app = await fields(request), request.app[APP]
    role, scope, day = given.get("role", ""), number_in(given.get("scope", "")), day_in(given.get("day", ""))
    if role not in texts.ROLES or not scope:
        raise web.HTTPBadRequest(text="请从微网格的页面提交。")
    if day is None:
        return back(request, _home(role, scope), "请选生效日期。", good=False)
    if not any(given.get(name) for name in ("name", "phone", "vacant")):
        return back(request, _home(role, scope), "请写新的人的姓名和手机号。要先空着，请勾上「先空着」。", good=False)
    wish = Wish(role, scope, given.get("name", "")[:40], given.get("phone", "")[:30], day, given.get("tasks", ""))
    said, good = await act(
        request, viewer,
        lambda read: succession.post(wish, here(viewer), me(viewer), app.clock(), app.policy, read),
    )  # fmt: skip
    return back(request, _home(role, scope), said, good=good)


async def drop(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/changes/<id>/drop"""
    app, wanted = request.app[APP], number(request)
    said, good = await act(
        request, viewer,
        lambda read: succession.drop(wanted, here(viewer), me(viewer), app.clock(), app.policy, read),
    )  # fmt: skip
    return back(request, "/console/people", said, good=good)


async def add_micro(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/grids/<id>/micro"""
    app, grid = request.app[APP], number(request)
    said, good = await act(
        request, viewer,
        lambda read: succession.add_micro_grid(grid, here(viewer), me(viewer), app.clock(), app.policy, read),
    )  # fmt: skip
    if not good:
        raise web.HTTPNotFound(text=said)
    await app.refresh_register()
    return back(request, f"/console/people/grids/{grid}", said)


async def claim(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/claim: a new code for the chat, shown once."""
    app, given = request.app[APP], await fields(request)
    person = number_in(given.get("person", ""))
    made = await asyncio.to_thread(_claim, app, viewer, person, app.clock())
    name, code = found(made)
    return show(request, viewer, "people_claim.html", name=name, code=f"{code[:4]} {code[4:]}", days=CLAIM_DAYS)


def _claim(app: App, viewer: Viewer, person: int, now: datetime) -> tuple[str, str] | None:
    """None unless the person holds a post in one of the viewer's communities."""
    ids = list(here(viewer))
    micro = select(micro_grids.c.id).where(micro_grids.c.community.in_(ids))
    grid = select(grids.c.id).where(grids.c.community.in_(ids))
    held = (
        select(persons.c.name)
        .join(posts, posts.c.person == persons.c.id)
        .where(
            persons.c.id == person, posts.c.until.is_(None),
            (posts.c.role.in_(["leader", "deputy"]) & posts.c.scope.in_(micro))
            | ((posts.c.role == "grid") & posts.c.scope.in_(grid)),
        )
    )  # fmt: skip
    with app.db.writing() as conn:
        row = conn.execute(held).first()
        if row is None:
            return None
        code = people.new_claim(conn, person, now, CLAIM_DAYS)
        audit.note(conn, "ClaimIssued", {"person": person}, now, via="console", actor=me(viewer))
    return row.name or "", code


async def leave(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/people/leave: 请假 written down for somebody, or with end=1 销假."""
    given, app = await fields(request), request.app[APP]
    person, where = (
        number_in(given.get("person", "")),
        _home(given.get("role", ""), number_in(given.get("scope", ""))),
    )
    first, last = day_in(given.get("first", "")), day_in(given.get("last", ""))
    if given.get("end"):
        said, good = await act(
            request, viewer,
            lambda read: succession.end_leave(person, here(viewer), me(viewer), app.clock(), app.policy, read),
        )  # fmt: skip
        return back(request, where, said, good=good)
    if first is None or last is None:
        return back(request, where, "请选请假的第一天和最后一天。", good=False)
    said, good = await act(
        request, viewer,
        lambda read: succession.leave(person, first, last, here(viewer), me(viewer), app.clock(), app.policy, read),
    )  # fmt: skip
    return back(request, where, said, good=good)


def routes() -> list[web.RouteDef]:
    return [
        door("POST", "/console/people/posts", Right.PEOPLE_EDIT, change),
        door("POST", "/console/people/changes/{id}/drop", Right.PEOPLE_EDIT, drop),
        door("POST", "/console/people/grids/{id}/micro", Right.PEOPLE_EDIT, add_micro),
        door("POST", "/console/people/leave", Right.PEOPLE_EDIT, leave),
        door("POST", "/console/people/claim", Right.PEOPLE_EDIT, claim),
    ]
