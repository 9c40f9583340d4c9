"""Volunteer teams, their 备案, and applications for stars: what waits for the community's word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.console.clicks import act, home, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.activities import captain, manage, stars, teams
from handlers.activities.port import Team
from handlers.activities.port_honour import Filing
from handlers.activities.rules import hours_text
from handlers.activities.texts_honour import STAR_NO_SUCH
from handlers.activities.texts_hours import TEAM_NO_SUCH
from handlers.read import Read
from handlers.types import Outcome, Refused, Turn
from storage import view_honour
from storage.looking import looking

_PATH = "/console/activities/teams"
STATES = {"asked": "等核对", "shown": "公示中", "objected": "有异议"}


@dataclass(frozen=True, slots=True)
class Row:
    team: Team
    captain: str
    filing: Filing | None


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/teams"""
    app = request.app[APP]
    community = home(app, viewer, request.query.get("community", ""))

    def look() -> tuple[list[Row], list[tuple[view_honour.Star, str]]]:
        with looking(app.db, app.clock()) as read:
            rows = [
                Row(one, manage.name_of(one.captain, read), read.filing(one.id)) for one in read.teams_in(community)
            ]
        return rows, [(one, hours_text(one.half)) for one in view_honour.undecided(app.db, community)]

    rows, asked = await asyncio.to_thread(look)
    return show(request, viewer, "teams.html", teams=rows, stars=asked, states=STATES, community=community)


def _team(turn: Turn, read: Read, form: dict[str, str], yes: bool) -> Outcome:
    found = read.team(number(form, "team"))
    if found is None:
        raise Refused(TEAM_NO_SUCH)
    return teams.decided(turn, found, yes)


def _file(turn: Turn, read: Read, form: dict[str, str], yes: bool) -> Outcome:
    found = read.team(number(form, "team"))
    if found is None:
        raise Refused(TEAM_NO_SUCH)
    given = form.get("number" if yes else "why", "")
    return captain.decided(turn, read, found, given if yes else "", "" if yes else given)


def _star(turn: Turn, read: Read, form: dict[str, str], yes: bool) -> Outcome:
    found = read.star_request(number(form, "star"))
    if found is None:
        raise Refused(STAR_NO_SUCH)
    return stars.decided(turn, read, found, yes, form.get("why", ""))


_Act = Callable[[Turn, Read, dict[str, str], bool], Outcome]
ACTS: dict[str, _Act] = {"team": _team, "file": _file, "star": _star}


async def do(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/activities/teams"""
    form = await fields(request)
    wanted = ACTS.get(form.get("do", ""))
    if wanted is None:
        raise web.HTTPBadRequest(text="没有这个操作。请返回刷新再试。")
    good, words = await act(request, viewer, lambda turn, read: wanted(turn, read, form, form.get("yes") == "1"))
    return back(request, _PATH, words, good=good)


def routes() -> list[web.RouteDef]:
    return [door("GET", _PATH, Right.ACTIVITIES_RUN, page), door("POST", _PATH, Right.ACTIVITIES_RUN, do)]
