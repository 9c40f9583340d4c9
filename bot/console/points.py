"""Points in the console: what waits for a second person, entries to look at again, leaders' duty, giving by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.console.clicks import act, home, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.points import cases, checks, months, review
from handlers.points.port import Case, Flagged, Notice
from handlers.points.rules import Rule
from handlers.points.texts import case_number, second_choices
from handlers.read import Read
from handlers.types import Outcome, Refused, Turn
from storage import view_duty
from storage.looking import looking
from storage.view_duty import Duty

_PATH = "/console/points"
FLAGS = {"burst": "短时间里记了好几次", "pair": "同一个人批得多", "sample": "随机抽查"}
STATES = {"proposed": "等第二个人", "appealed": "有申诉"}


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    number: int
    who: str
    rule: str
    points: int
    why: str
    appeal: str
    state: str
    made: datetime
    own: bool  # proposed by the viewer, or about him
    labels: tuple[str, ...]  # of yes and of no


@dataclass(frozen=True, slots=True)
class Page:
    community: int
    cases: list[Waiting]
    flagged: list[tuple[Flagged, str, str, bool]]  # entry, person, rule, may be looked at by the viewer
    notice: Notice | None
    duty: list[Duty]
    month: int
    rules: list[Rule]


def _look(request: web.Request, viewer: Viewer) -> Page:
    app, now = request.app[APP], request.app[APP].clock()
    community = home(app, viewer, request.query.get("community", ""))
    me = viewer.session.person if viewer.session else 0
    month = months.before(now)
    with looking(app.db, now) as read:
        waiting = [_waiting(read, community, one, me) for one in read.cases_in(community)]
        flagged = [
            (
                one, cases.name_of(read, one.person), cases.rule_name(read, community, one.rule),
                me not in (one.person, one.by, one.second),
            )
            for one in read.points_flagged(community)
        ]  # fmt: skip
        notice = read.points_notice(community, "")
        by_hand = [one for one in read.points_rules(community) if one.open and one.proof != "auto"]
    duty = view_duty.month(app.db, community, f"{month:%Y-%m}", *months.bounds(month))
    return Page(community, waiting, flagged, notice, duty, month.month, by_hand)


def _waiting(read: Read, community: int, one: Case, me: int) -> Waiting:
    rule = cases.rule_name(read, community, one.rule)
    labels = tuple(choice.label for choice in second_choices(case_number(one.number), rule, one.points))
    return Waiting(
        one.id, one.number, cases.name_of(read, one.person), rule, one.points, one.why, one.appeal,
        STATES[one.state], one.made, me in (one.by, one.person), labels,
    )  # fmt: skip


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/points"""
    return await _show(request, viewer, {}, {})


async def _show(request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]) -> web.Response:
    found = await asyncio.to_thread(_look, request, viewer)
    choices = [(one.code, f"{one.name}（{_worth(one)}）") for one in found.rules]
    return show(
        request, viewer, "points.html", status=422 if wrong else 200, found=found, flags=FLAGS, choices=choices,
        form=form, wrong=wrong,
    )  # fmt: skip


def _chosen(request: web.Request, viewer: Viewer, code: str) -> Rule | None:
    app = request.app[APP]
    with looking(app.db, app.clock()) as read:
        return next((one for one in read.points_rules(home(app, viewer, "")) if one.code == code), None)


def _worth(rule: Rule) -> str:
    return f"{rule.points}到{rule.most}分" if rule.most else f"{rule.points:+d}分"


def _case(turn: Turn, read: Read, form: dict[str, str]) -> Outcome:
    found = read.case(number(form, "case"))
    if found is None or found.state not in STATES:
        raise Refused("这一件已经定了，请刷新看看。")
    return cases.decided(turn, read, found, form.get("yes") == "1", form.get("why", ""))


def _check(turn: Turn, read: Read, form: dict[str, str]) -> Outcome:
    return checks.look(turn, read, number(form, "entry"), form.get("yes") == "1", form.get("why", ""))


def _duty(turn: Turn, read: Read, form: dict[str, str]) -> Outcome:
    return checks.duty_done(turn, read, number(form, "community"), number(form, "person"))


ACTS: dict[str, Callable[[Turn, Read, dict[str, str]], Outcome]] = {"case": _case, "check": _check, "duty": _duty}
# By hand: the same words as in the chat, so that both ask the same questions.
HAND: dict[str, tuple[str, Callable[[Turn, Read], Outcome]]] = {
    "award": ("加分 {who} {rule} {points} {why}", review.award),
    "deduct": ("扣分 {who} {rule} {why}", review.deduct),
    "freeze": ("冻结积分 {who} {why}", review.freeze),
    "unfreeze": ("解冻积分 {who} {why}", review.unfreeze),
}


async def do(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/points"""
    form = await fields(request)
    name = form.get("do", "")
    if name in ACTS:
        good, words = await act(request, viewer, lambda turn, read: ACTS[name](turn, read, form))
        return back(request, _PATH, words, good=good)
    if name not in HAND and name != "hand":
        raise web.HTTPBadRequest(text="没有这个操作。请返回刷新再试。")
    rule = await asyncio.to_thread(_chosen, request, viewer, form.get("rule", ""))
    if name == "hand":
        name = "deduct" if rule is not None and rule.takes else "award"
    sentence, decide = HAND[name]
    points = form.get("points", "") if rule is not None and rule.most else ""
    given = {"who": form.get("who", ""), "rule": form.get("rule", ""), "points": points, "why": form.get("why", "")}
    good, words = await act(request, viewer, decide, " ".join(sentence.format(**given).split()))
    if not good:
        return await _show(request, viewer, form, {"": words})
    return back(request, _PATH, words)


def routes() -> list[web.RouteDef]:
    return [door("GET", _PATH, Right.POINTS_REVIEW, page), door("POST", _PATH, Right.POINTS_REVIEW, do)]
