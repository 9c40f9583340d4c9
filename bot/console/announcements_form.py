"""Writing an announcement: the form as a draft, its audience counted and shown before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.asking import found, me, number
from bot.console.page import back, lists, show
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import after
from handlers.announcements import acts, texts
from handlers.announcements.acts import Draft, Writer
from handlers.announcements.facts import AnnouncementWritten
from handlers.announcements.port import Announcement, Audience, Reached
from handlers.announcements.rules import AREAS, KIND_NAMES, ROLES, SHANGHAI, Act, Kind, may
from handlers.numerals import number_in
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply
from storage import view_announcements, view_audiences
from storage.looking import looking
from storage.view_audiences import Area, Kept

if TYPE_CHECKING:
    from bot.app import App

LIST = "/console/announcements"
AUTO, MUSTER = "auto", "muster"
KINDS = (
    (AUTO, "看内容定（停水停电、安全算重要）"), (Kind.NEWS.value, "一般通知：可以退订"),
    (Kind.SERVICE.value, "重要通知：退订了也发"), (Kind.EMERGENCY.value, "应急通知：夜里也发"),
    (MUSTER, "应急动员：请大家回「我去」「来不了」"),
)  # fmt: skip
_WHERE = {
    texts.NO_TITLE: "title", texts.NO_WORDS: "words", texts.NO_AUDIENCE: "places", texts.NOT_YOUR_AREA: "places",
    texts.NOBODY: "places", texts.PAST: "at", texts.NO_NAME: "keep_as",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What the preview says: how many, the first of them, how it looks in the chat."""

    reached: Reached
    who: str
    less: str
    message: str
    kind: str
    second: bool  # more than one may decide for


def writer(viewer: Viewer) -> Writer:
    return Writer(me(viewer), frozenset(viewer.communities or ()))


async def blank(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements/new"""
    return await _form(request, viewer, {}, 0)


async def again(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/announcements/<id>/edit: as it was written."""
    app, wanted = request.app[APP], number(request)
    row = found(await asyncio.to_thread(view_announcements.progress, app.db, wanted, viewer.communities, app.clock()))
    if not may(Act.WRITE, row.one.state):
        return back(request, f"{LIST}/{wanted}", texts.no_more(row.one.state), good=False)
    return await _form(request, viewer, _given(row.one), wanted)


async def posted(request: web.Request, viewer: Viewer) -> web.Response:
    """POST …/new and …/<id>/edit: 预览 shows, 存草稿 keeps, 提交 keeps and goes on; an error loses nothing."""
    given, app = await lists(request), request.app[APP]
    known = number(request) if "id" in request.match_info else 0
    what = given.get("do", ["preview"])[-1]
    by = writer(viewer)
    try:
        draft = _draft(given, await asyncio.to_thread(view_audiences.kept, app.db, viewer.communities))
        if what == "preview":
            shown = await asyncio.to_thread(_look, app, draft, by)
            return await _form(request, viewer, given, known, shown=shown)
        if what == "keep":
            name = given.get("keep_as", [""])[-1]
            said, good, _ = await _happen(
                request, viewer, lambda read: acts.keep_audience(name, draft.audience, by, read)
            )
            return await _form(request, viewer, given, known, said=said, good=good)
        said, good, made = await _happen(
            request, viewer, lambda read: _kept(draft, by, known, read, app, go_on=what == "submit")
        )
    except Refused as no:
        return await _form(request, viewer, given, known, wrong=str(no))
    if not good:
        return await _form(request, viewer, given, known, wrong=said)
    return back(request, f"{LIST}/{made}", said)


def _kept(draft: Draft, by: Writer, known: int, read: Read, app: App, *, go_on: bool) -> Outcome:
    """The draft, and with `go_on` its way to its hour or to a second person, in one transaction."""
    out = acts.write(draft, by, app.policy, read, announcement=known)
    if not go_on:
        return out
    (fact,) = (one for one in out.facts if isinstance(one, AnnouncementWritten))
    facts, people = acts.submitted(fact, app.clock(), app.policy, read)
    most = app.policy.announcement_second_above
    said = texts.SECOND_ASKED.format(most=most) if people > most else texts.submitted(draft.at)
    return Outcome(replies=(Reply(said),), facts=(*out.facts, *facts))


async def _happen(request: web.Request, viewer: Viewer, work: object) -> tuple[str, bool, int]:
    """What is said, whether it came about, the announcement it is about."""
    app = request.app[APP]

    def whole(read: Read) -> Outcome:
        return after.settled(work(read), me(viewer), app.clock(), app.policy, read)  # type: ignore[operator]

    done = await asyncio.wrap_future(app.turns.run(whole, app.clock(), "console", me(viewer)))
    made = next((fact.announcement for fact in done.facts if isinstance(fact, AnnouncementWritten)), 0)
    return "".join(reply.text for reply in done.replies), bool(done.facts), made


def _draft(given: dict[str, list[str]], kept: Sequence[Kept]) -> Draft:
    """Raises Refused where a date cannot be read."""
    one = {name: values[-1] for name, values in given.items()}
    places = [_place(text) for text in given.get("places", [])]
    roles = list(given.get("roles", []))
    saved = next((row for row in kept if str(row.id) == one.get("kept")), None)
    if saved is not None:
        places += saved.places
        roles += saved.roles
    kind = one.get("kind", AUTO)
    muster = kind == MUSTER
    audience = Audience(tuple(dict.fromkeys(p for p in places if p)), tuple(dict.fromkeys(roles)), adults=muster)
    fixed = Kind(kind) if kind in set(Kind) else None
    return Draft(
        one.get("title", ""), one.get("words", ""), audience, fixed, muster=muster, drill=bool(one.get("drill")),
        at=_moment(one.get("at", "")),
    )  # fmt: skip


def _place(text: str) -> tuple[str, int] | None:
    area, _, place = text.partition(":")
    return (area, number_in(place)) if area in AREAS and number_in(place) else None


def _moment(text: str) -> datetime | None:
    """What a field of date and time holds, in Shanghai. Raises Refused."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Refused(texts.PAST) from None


def _look(app: App, draft: Draft, by: Writer) -> Shown:
    """Counted by a reader: nothing waits behind it. Blocks; raises Refused."""
    with looking(app.db, app.clock()) as read:
        draft = acts.checked(draft, by, app.policy, read)
        reached = read.reached(draft.audience)
        community = min(read.communities_of(draft.audience.places), default=0)
        office = read.community(community)
    if not reached.people:
        raise Refused(texts.NOBODY)
    kind = Kind.EMERGENCY if draft.muster else draft.kind or acts.kind_of(draft.title + draft.words)
    one = Announcement(
        0, 0, community, by.person, draft.title, draft.words, kind, draft.audience, muster=draft.muster,
        drill=draft.drill,
    )  # fmt: skip
    second = reached.people > app.policy.announcement_second_above
    return Shown(
        reached, texts.who(draft.audience, reached), texts.less(kind, reached),
        texts.message(one, office.name if office else ""), "应急动员" if draft.muster else KIND_NAMES[kind], second,
    )  # fmt: skip


def _given(one: Announcement) -> dict[str, list[str]]:
    at = one.at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if one.at else ""
    return {
        "title": [one.title], "words": [one.words], "kind": [MUSTER if one.muster else one.kind.value],
        "drill": ["1"] if one.drill else [], "at": [at], "roles": list(one.audience.roles),
        "places": [f"{area}:{place}" for area, place in one.audience.places],
    }  # fmt: skip


async def _form(
    request: web.Request, viewer: Viewer, given: dict[str, list[str]], known: int, *, shown: Shown | None = None,
    wrong: str = "", **more: object,
) -> web.Response:  # fmt: skip
    app = request.app[APP]
    areas, kept = await asyncio.to_thread(
        lambda: (
            view_audiences.areas(app.db, viewer.communities),
            view_audiences.kept(app.db, viewer.communities),
        )
    )
    form = {name: values[-1] for name, values in given.items() if values}
    return show(
        request, viewer, "announcement_form.html", status=422 if wrong else 200, known=known, form=form, shown=shown,
        wrong={_WHERE.get(wrong, ""): wrong} if wrong else {}, groups=_grouped(areas),
        chosen=frozenset(given.get("places", ())), picked=frozenset(given.get("roles", ())), roles=ROLES, kinds=KINDS,
        kept=[("", "不用"), *((row.id, row.name) for row in kept)],
        policy=app.policy, **more,
    )  # fmt: skip


def _grouped(areas: Sequence[Area]) -> list[tuple[str, list[Area]]]:
    """In the order of the form: communities, estates, micro-grids, then the buildings of each estate."""
    groups: dict[str, list[Area]] = {}
    for area in areas:
        groups.setdefault(area.group, []).append(area)
    return list(groups.items())
