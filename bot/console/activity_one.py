"""One activity in the console: who comes, what waits for a decision, and every act of who runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot import media
from bot.console.clicks import act, moment, number
from bot.console.doors import door
from bot.console.page import back, fields, lists, show, upload
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.words import masked_name, masked_phone
from bot.images import BadMedia
from bot.keys import APP
from handlers.activities import clicks, photos, record, rules, texts
from handlers.activities.port import Activity, Signup
from handlers.activities.rules import HOLDS, Place, State
from handlers.numerals import number_in
from handlers.read import Read
from handlers.types import Outcome, Refused, Turn
from nlp.when import ZONE
from storage import view_honour
from storage.looking import looking
from storage.view_honour import Photo

_Act = Callable[[Turn, Read, int, dict[str, str]], Outcome]
STATES = {State.OPEN: "报名中", State.RECORDED: "时长已记", State.CANCELLED: "已取消"}
_STEPS = {"came": "签到", "went": "签退"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sign-up as the roster shows it. `hours` "" until recorded; `row`: of the hours ledger, 0 for none."""

    id: int
    person: int
    name: str
    phone: str
    who: str
    people: int
    post: str
    status: str
    tone: str
    answer: str
    came: datetime | None
    went: datetime | None
    hours: str
    row: int
    objection: str
    review: bool
    seated: bool
    here: bool
    rated: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    activity: Activity
    state: str
    over: bool
    mine: bool
    organiser: str
    lines: tuple[Line, ...]
    makeups: tuple[tuple[int, str, str, datetime, str, bool], ...]  # id, name, step, at, why, may be confirmed here
    photos: tuple[tuple[Photo, str], ...]  # with its address
    heads: tuple[int, int, int]  # with a seat, waiting, checked in
    flagged: int


_TONES = {Place.REVIEW: "ask", Place.CONSENT: "ask", Place.OFFERED: "ask", Place.WAITING: "wait", Place.CAME: "done"}


def sheet(request: web.Request, viewer: Viewer) -> Sheet | None:
    """None where it is not there or not of the viewer's communities. Blocks; call in a thread."""
    app, number = request.app[APP], number_in(request.match_info["id"])
    me = viewer.session.person if viewer.session else 0
    with looking(app.db, app.clock()) as read:
        found = read.activity(number)
        if found is None or (viewer.communities is not None and found.community not in viewer.communities):
            return None
        team = read.team(found.team) if found.team else None
        mine = me == found.organiser or (team is not None and team.captain == me)
        signups = read.signups_in(found.id)
        there = {one.signup: one for one in read.attendances(found.id)}
        rows = {one.signup: one for one in record.standing(read.served_in(found.id)) if not one.guest}
        objected = {one.hours: one.words for one in read.objections_of(found.organiser)}

        def name(person: int) -> str:
            known = read.person(person)
            full = (known.name if known else "") or "没留姓名"
            return full if mine or full == "没留姓名" else masked_name(full)

        def line(one: Signup) -> Line:
            attendance, row = there.get(one.id), rows.get(one.id)
            known = read.person(one.person)
            return Line(
                one.id, one.person, name(one.person), masked_phone(known.phone if known else ""),
                texts.who_comes(one.self_comes, one.party).replace("您", "本人") if one.party else "", one.people,
                found.station(one.station).name if len(found.stations) > 1 else "",
                texts.STATUS[one.status.value], _TONES.get(one.status, ""), one.answer,
                attendance.came if attendance else None, attendance.went if attendance else None,
                rules.hours_text(row.half) if row else "", row.id if row else 0,
                objected.get(row.id, "") if row else "", one.status is Place.REVIEW, one.status is Place.SEATED,
                one.status in (Place.SEATED, Place.CAME, Place.ABSENT), one.status is not Place.CAME
                or one.person == me or read.rated(one.id, "volunteer"),
            )  # fmt: skip

        lines = tuple(line(one) for one in signups)
        makeups = []
        for one in read.makeups_open(found.id):
            signup = read.signup(one.signup)
            person = signup.person if signup else 0
            may = me not in (one.by, person)
            makeups.append((one.id, name(person), _STEPS[one.step], one.at, one.why, may))
        organiser = read.person(found.organiser)
    album = tuple((one, media.link(app, one.file)) for one in view_honour.album(app.db, found.id))
    seats = sum(one.people for one in signups if one.status in HOLDS | {Place.CAME})
    waiting = sum(one.people for one in signups if one.status is Place.WAITING)
    flagged = sum(one.here and one.came is not None and one.went is None for one in lines)
    return Sheet(
        found, STATES[found.status], found.ends <= app.clock(), mine, organiser.name if organiser else "社区", lines,
        tuple(makeups), album, (seats, waiting, len(there)), flagged,
    )  # fmt: skip


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/activities/<id>. 404 also where it belongs to another community."""
    found = await asyncio.to_thread(sheet, request, viewer)
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    local = {"starts": _field(found.activity.starts), "ends": _field(found.activity.ends)}
    return show(request, viewer, "activity_one.html", sheet=found, form={**local, "place": found.activity.place})


def _field(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"


def _stars(form: dict[str, str]) -> int:
    return number(form, "stars")


def _half(form: dict[str, str]) -> int:
    """1.5 hours → 3."""
    try:
        hours = float(form.get("hours", ""))
    except ValueError:
        raise Refused("请填小时数，比如 1.5。") from None
    if not 0 <= hours <= 24 or hours * 2 != int(hours * 2):
        raise Refused("小时数以半小时为单位，比如 1.5。")
    return int(2 * hours)


ACTS: dict[str, _Act] = {
    "approve": lambda t, r, a, f: clicks.decide(t, r, a, number(f, "signup"), True, ""),
    "refuse": lambda t, r, a, f: clicks.decide(t, r, a, number(f, "signup"), False, f.get("why", "")),
    "excuse": lambda t, r, a, f: clicks.excuse(t, r, a, number(f, "signup")),
    "change": lambda t, r, a, f: clicks.change(t, r, a, moment(f, "starts"), moment(f, "ends"), f.get("place", "")),
    "repeat": lambda t, r, a, f: clicks.repeat(t, r, a, f.get("on") == "1"),
    "cancel": lambda t, r, a, f: clicks.cancel(t, r, a, f.get("why", "")),
    "tell": lambda t, r, a, f: clicks.tell(t, r, a, f.get("words", "")),
    "close": lambda t, r, a, f: clicks.close(t, r, a),
    "makeup": lambda t, r, a, f: clicks.make_up(
        t, r, a, number(f, "signup"), f.get("step", ""), moment(f, "at"), f.get("why", "")
    ),
    "vouch": lambda t, r, a, f: clicks.vouch(t, r, a, number(f, "makeup")),
    "correct": lambda t, r, a, f: clicks.correct(t, r, a, number(f, "row"), _half(f), f.get("why", "")),
    "reject": lambda t, r, a, f: clicks.reject(t, r, a, number(f, "row"), f.get("why", "")),
    "praise": lambda t, r, a, f: clicks.praise(t, r, a, number(f, "signup"), _stars(f), f.get("words", "")),
    "unphoto": lambda t, r, a, f: photos.remove(t, r, a, number(f, "photo")),
}


async def do(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/activities/<id>/do: one act; its name is in the form."""
    found = await asyncio.to_thread(sheet, request, viewer)
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    form = await fields(request)
    wanted = ACTS.get(form.get("do", ""))
    if wanted is None:
        raise web.HTTPBadRequest(text="没有这个操作。请返回刷新再试。")
    activity = found.activity.id
    good, words = await act(request, viewer, lambda turn, read: wanted(turn, read, activity, form))
    return back(request, f"/console/activities/{activity}", words, good=good)


async def photo(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/activities/<id>/photo: a photo, and who can be recognised in it: they are asked first."""
    found = await asyncio.to_thread(sheet, request, viewer)
    if found is None:
        return show(request, viewer, "missing.html", status=404)
    activity, form, file = found.activity.id, await lists(request), await upload(request, "photo")
    path = f"/console/activities/{activity}"
    chosen = [one for one in map(number_in, form.get("person", [])) if one]
    if file is None:
        return back(request, path, "请选一张照片。", good=False)
    if not chosen and "nobody" not in form:
        return back(request, path, "请勾选照片里的人；没有能认出来的人，勾「照片里认不出人」。", good=False)
    try:
        name = await media.keep_photo(request.app[APP], file[1])
    except BadMedia:
        return back(request, path, "这个文件不是照片，没有收下。", good=False)
    people = tuple(chosen)
    good, words = await act(request, viewer, lambda turn, read: photos.add(turn, read, activity, name, people))
    return back(request, path, words, good=good)


def routes() -> list[web.RouteDef]:
    return [
        door("GET", "/console/activities/{id}", Right.ACTIVITIES_RUN, page),
        door("POST", "/console/activities/{id}/do", Right.ACTIVITIES_RUN, do),
        door("POST", "/console/activities/{id}/photo", Right.ACTIVITIES_RUN, photo),
    ]
