"""The table of points of a community: every line with its version; editing makes the next, old points keep theirs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from bot.console.clicks import act, home, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.points import table
from handlers.points.rules import PRIZE_FIELD, Rule
from handlers.read import Read
from handlers.tickets.categories import CATEGORIES
from handlers.types import Outcome, Refused, Turn
from nlp.when import ZONE
from storage.looking import looking

_PATH = "/console/points/rules"
PROOFS = {"auto": "平台自动", "review": "一人审核", "two": "两人审核"}
FIELDS = ("自治", "法治", "德治", "活动", "减分", PRIZE_FIELD)


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/points/rules"""
    return await _show(request, viewer, {}, {})


async def _show(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    app = request.app[APP]
    community = home(app, viewer, request.query.get("community", ""))

    def look() -> tuple[Rule, ...]:
        with looking(app.db, app.clock()) as read:
            return read.points_rules(community)

    rules = await asyncio.to_thread(look)
    return show(
        request, viewer, "point_rules.html", status=422 if wrong else 200, rules=rules, proofs=PROOFS,
        fields=[(one, one) for one in FIELDS], form=form, wrong=wrong, community=community, categories=CATEGORIES,
    )  # fmt: skip


def _rule(form: dict[str, str], known: Rule | None) -> Rule:
    """The line as the form has it; what the form does not have stays. Raises Refused."""
    base = known or Rule("", form.get("field", ""), "", 0, proof="review")
    codes = form.get("categories", "").replace("，", " ").replace("、", " ").replace(",", " ").split()
    if unknown := [code for code in codes if code not in CATEGORIES]:
        raise Refused(f"没有这些分类：{'、'.join(unknown)}。写分类编码，比如 0201。")
    field = PRIZE_FIELD if codes else base.field
    if field not in FIELDS or (field == PRIZE_FIELD and not codes):
        raise Refused("请选类别；有奖报送要写收哪些分类的编码。")
    until = None
    if day := form.get("until", ""):
        try:
            until = datetime.fromisoformat(f"{day}T23:59").replace(tzinfo=ZONE)
        except ValueError:
            raise Refused("截止日期写年月日。") from None
    return replace(
        base, field=field, name=form.get("name", ""), points=number(form, "points"), most=_none(form, "most"),
        day_cap=_none(form, "day_cap"), month_cap=_none(form, "month_cap"), categories=" ".join(codes), until=until,
        proof="auto" if codes else form.get("proof", base.proof), open=form.get("open") == "1",
    )  # fmt: skip


def _none(form: dict[str, str], name: str) -> int:
    """ "" is 0: no cap."""
    return number(form, name) if form.get(name) else 0


async def save(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/points/rules: `code` "" for a new line."""
    form = await fields(request)
    community = home(request.app[APP], viewer, form.get("community", ""))

    def work(turn: Turn, read: Read) -> Outcome:
        known = next((one for one in read.points_rules(community) if one.code == form.get("code")), None)
        return table.set_rule(turn, read, community, _rule(form, known))

    good, words = await act(request, viewer, work)
    if not good and not form.get("code"):
        return await _show(request, viewer, form, {"": words})
    return back(request, _PATH, words, good=good)


def routes() -> list[web.RouteDef]:
    return [door("GET", _PATH, Right.POINTS_REVIEW, page), door("POST", _PATH, Right.POINTS_REVIEW, save)]
