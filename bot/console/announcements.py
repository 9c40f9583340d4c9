"""Announcements in the console: the list, how far one has come, who got it and who did not, what may be done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.console import announcements_form as form
from bot.console.announcements_form import LIST, writer
from bot.console.asking import act, found, me, number
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.words import masked_name
from bot.keys import APP
from bot.public.pages import render
from handlers import after
from handlers.announcements import acts, muster, texts
from handlers.announcements.chat import quiet
from handlers.announcements.rules import (
    KIND_NAMES,
    PLACE_NAMES,
    REASONS,
    Act,
    By,
    Place,
    State,
    may,
    move,
)
from handlers.numerals import number_in
from handlers.read import Read
from handlers.texts import MAYBE_AGAIN
from handlers.types import Outcome
from storage import view_announcements
from storage.view_announcements import PAGE, Progress

STATES = {
    State.DRAFT: ("草稿", ""), State.ASKED: ("等复核", "ask"), State.WAITING: ("等时间", "wait"),
    State.PREPARING: ("准备名单", "work"), State.SENDING: ("正在发", "work"), State.PAUSED: ("暂停", "ask"),
    State.DONE: ("已发完", "done"), State.CANCELLED: ("已取消", ""),
}  # fmt: skip
_GOING = frozenset({State.WAITING, State.PREPARING, State.SENDING})
RUNGS = {
    "service": "聊天消息",
    "template": "模板消息",
    "notice": "订阅通知",
    "webchat": "网页聊天",
    "text": "企业微信",
}
# What the page offers, in this order: (act, label, tone, asked again first)
ACTS = (
    (Act.APPROVE, "同意发", "", False), (Act.REFUSE, "退回", "quiet", False), (Act.SUBMIT, "提交", "", False),
    (Act.PAUSE, "暂停", "quiet", False), (Act.RESUME, "继续发", "", False),
    (Act.RESEND, "没送到的再发一次", "", False), (Act.REPEAT, "不知道到没到的再发一次", "quiet", False),
    (Act.REASK, "没回话的再问一次", "quiet", False),
    (Act.CANCEL, "取消", "red", True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    act: str
    label: str
    tone: str
    careful: bool


@dataclass(frozen=True, slots=True)
class Who:
    """A recipient as the page shows one: the name masked."""

    person: int
    name: str
    where: str
    state: str
    tone: str
    reason: str
    read: bool
    answer: str


def offers(row: Progress, person: int, *, approves: bool) -> list[Offer]:
    """Only what would not be refused."""
    one = row.one
    out = []
    for what, label, tone, careful in ACTS:
        if not may(what, one.state):
            continue
        if move(what).by is By.SECOND and (not approves or person == one.by):
            continue
        if what is Act.RESEND and not row.places.get(Place.FAILED):
            continue
        if what is Act.REPEAT and not row.places.get(Place.UNSURE):
            continue
        if what is Act.REASK and not (
            one.muster and one.closed is None and row.places.get(Place.SENT, 0) > row.yes + row.no
        ):
            continue
        out.append(Offer(what.value, label, tone, careful))
    return out


async def listed(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements"""
    app, before = request.app[APP], number_in(request.query.get("before", ""))
    rows = await asyncio.to_thread(view_announcements.listed, app.db, viewer.communities, before)
    following = f"{LIST}?before={rows[-1].id}" if len(rows) == PAGE else ""
    return show(
        request, viewer, "announcements.html", rows=rows, states=STATES, kinds=KIND_NAMES,
        first=LIST if before else "", following=following,
    )  # fmt: skip


async def _one(request: web.Request, viewer: Viewer) -> tuple[Progress, Sequence[tuple[str, int, int, int]]]:
    app, wanted = request.app[APP], number(request)

    def read() -> tuple[Progress | None, Sequence[tuple[str, int, int, int]]]:
        row = view_announcements.progress(app.db, wanted, viewer.communities, app.clock())
        return row, view_announcements.by_grid(app.db, wanted) if row and row.one.muster else ()

    row, grids = await asyncio.to_thread(read)
    return found(row), grids


def _values(request: web.Request, viewer: Viewer, row: Progress) -> dict[str, Any]:
    one = row.one
    office = f"——{row.office}" if row.office else ""
    return {
        "row": row, "one": one, "states": STATES, "kinds": KIND_NAMES, "places": PLACE_NAMES, "reasons": REASONS,
        "maybe": MAYBE_AGAIN, "message": texts.message(one, row.office), "office": office,
        "going": one.state in _GOING or bool(row.places.get(Place.QUEUED)) or (one.muster and one.closed is None),
        "silent": max(row.places.get(Place.SENT, 0) - row.yes - row.no, 0),
        "held": one.state is State.SENDING and bool(row.places.get(Place.WAITING)) and quiet_now(request, row),
        "until": request.app[APP].policy.quiet_to_hour,
        "offers": offers(row, me(viewer), approves=viewer.may(Right.ANNOUNCE_APPROVE)),
        "editable": may(Act.WRITE, one.state),
    }  # fmt: skip


def quiet_now(request: web.Request, row: Progress) -> bool:
    app = request.app[APP]
    return row.one.kind != "emergency" and quiet(app.clock(), app.policy)


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements/<id>"""
    row, grids = await _one(request, viewer)
    return show(request, viewer, "announcement_one.html", grids=grids, **_values(request, viewer, row))


async def part(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements/<id>/part: what changes while it is being sent."""
    row, grids = await _one(request, viewer)
    return render("announcement_part.html", grids=grids, **_values(request, viewer, row))


async def people(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements/<id>/people?state=&after="""
    app = request.app[APP]
    row, _ = await _one(request, viewer)
    state = request.query.get("state", "")
    state = state if state in set(Place) else ""
    after_ = number_in(request.query.get("after", ""))
    rows = await asyncio.to_thread(view_announcements.recipients_of, app.db, row.one.id, state, after_)
    here = f"{LIST}/{row.one.id}/people?state={state}"
    shown = [
        Who(
            one.person, masked_name(one.name) or "没留名字", one.where, PLACE_NAMES[Place(one.state)],
            {"sent": "done", "failed": "late", "unsure": "ask", "queued": "work"}.get(one.state, ""),
            RUNGS.get(one.rung, "") if one.state == Place.SENT else REASONS.get(one.reason, one.reason),
            one.read is not None, {"yes": "去", "no": "来不了"}.get(one.answer, "")
            + (f"，{one.minutes}分钟" if one.minutes else ""),
        )
        for one in rows
    ]  # fmt: skip
    return show(
        request, viewer, "announcement_people.html", row=row, one=row.one, people=shown, state=state,
        places=PLACE_NAMES, first=here if after_ else "",
        following=f"{here}&after={rows[-1].person}" if len(rows) == PAGE else "",
    )  # fmt: skip


async def acted(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/announcements/<id>: one act; what is said of it stands on the page afterwards."""
    given, app, wanted = await fields(request), request.app[APP], number(request)
    what, by = given.get("act", ""), writer(viewer)
    if what in (Act.APPROVE, Act.REFUSE) and not viewer.may(Right.ANNOUNCE_APPROVE):
        raise web.HTTPForbidden(text="您的岗位不能复核公告。")

    def work(read: Read) -> Outcome:
        if what == "try":
            out = acts.try_it(wanted, by, read)
        elif what == "close":
            out = muster.close(wanted, by, app.clock(), app.policy, read)
        elif what in {one.value for one, *_ in ACTS}:
            out = acts.order(Act(what), wanted, by, app.clock(), app.policy, read, given.get("words", ""))
        else:
            return Outcome()
        return after.settled(out, me(viewer), app.clock(), app.policy, read)

    said, good = await act(request, viewer, work)
    return back(request, f"{LIST}/{wanted}", said or "没有这个按钮。", good=good)


def routes() -> list[web.RouteDef]:
    one = LIST + "/{id:[0-9]+}"
    return [
        door("GET", LIST, Right.ANNOUNCE, listed),
        door("GET", LIST + "/new", Right.ANNOUNCE, form.blank),
        door("POST", LIST + "/new", Right.ANNOUNCE, form.posted),
        door("GET", one, Right.ANNOUNCE, page),
        door("POST", one, Right.ANNOUNCE, acted),
        door("GET", one + "/part", Right.ANNOUNCE, part, live=True),
        door("GET", one + "/people", Right.ANNOUNCE, people),
        door("GET", one + "/edit", Right.ANNOUNCE, form.again),
        door("POST", one + "/edit", Right.ANNOUNCE, form.posted),
    ]
