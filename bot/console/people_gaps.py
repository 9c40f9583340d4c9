"""Where the grid has holes: households without a leader, leaders without tasks, leaders who never answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiohttp import web

from bot.console.asking import here
from bot.console.doors import door
from bot.console.page import show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.grids import texts
from storage import view_gaps


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/people/gaps"""
    app, ids = request.app[APP], here(viewer)
    policy, now = app.policy, app.clock()

    def read() -> tuple[list[view_gaps.Uncovered], list[view_gaps.LeaderRow], list[view_gaps.LeaderRow]]:
        idle = view_gaps.leaders(app.db, ids, now - timedelta(days=policy.idle_days))
        same = policy.silent_days == policy.idle_days
        sent = idle if same else view_gaps.leaders(app.db, ids, now - timedelta(days=policy.silent_days))
        return view_gaps.uncovered(app.db, ids), idle, sent

    uncovered, idle, sent = await asyncio.to_thread(read)
    return show(
        request, viewer, "people_gaps.html", uncovered=uncovered, idle=[one for one in idle if not one.sent],
        silent=[one for one in sent if one.sent >= policy.silent_tasks and not one.taken], policy=policy,
        roles=texts.ROLES, houses=sum(one.households for one in uncovered),
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [door("GET", "/console/people/gaps", Right.PEOPLE_SEE, page)]
