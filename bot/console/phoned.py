"""代报: what somebody said on the telephone or at the counter becomes a ticket, once; nothing typed is lost."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from concurrent.futures import TimeoutError as TooSlow
from typing import TYPE_CHECKING

from aiohttp import web

import nlp
from bot.console import asking, handed
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import after
from handlers.forms import locate
from handlers.read import Read, Ticket
from handlers.tickets import proxy
from handlers.tickets.categories import CATEGORIES, OTHER
from handlers.tickets.opening import Report, summary_of
from handlers.tickets.received import Matter, receive
from handlers.types import Inbound, Media, Outcome, Person, Sender, Turn
from nlp.types import Place
from storage.ids import new_id
from storage.known_phones import person_with
from storage.looking import looking

if TYPE_CHECKING:
    from bot.app import App

WHERE = "/console/report"
WORDS_MOST = 2000
_SECONDS = 8.0
_ONCE = re.compile(r"[0-9a-f]{24}")
_PHONE = re.compile(r"[0-9+() -]{5,24}")
URGENCY = (("", "看内容定"), ("normal", "一般"), ("urgent", "着急"), ("emergency", "有危险"))


async def page(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/report"""
    return _shown(request, viewer, {}, {}, 200)


async def report(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/report"""
    app, form = request.app[APP], await fields(request)
    wrong = _wrong(form)
    if not wrong:
        place, fault = await asyncio.to_thread(_place, app, viewer, form.get("place", ""), form["words"])
        wrong = {"place": fault} if fault else {}
    photos: tuple[Media, ...] = ()
    if not wrong:
        photos, wrong = await handed.photos(request)
    if wrong:
        return _shown(request, viewer, form, wrong, 422)
    found = await asyncio.to_thread(_opened, app, viewer, form, place, photos)
    if found is None:
        return _shown(request, viewer, form, {"": "现在太忙，还没有报上。请再点一次，不会报两遍。"}, 503)
    who = form.get("name") or "居民"
    return back(request, f"/console/tickets/{found.id}", f"替{who}报上了，编号{found.short}。请把编号告诉{who}。")


def _wrong(form: dict[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not form.get("words") or len(form["words"]) > WORDS_MOST:
        wrong["words"] = f"请写报的是什么事，最多{WORDS_MOST}个字。"
    if len(form.get("name", "")) > 20:
        wrong["name"] = "名字最多20个字。"
    if form.get("phone") and not _PHONE.fullmatch(form["phone"]):
        wrong["phone"] = "电话只写数字，比如13800138000。"
    if form.get("category") and form["category"] not in CATEGORIES:
        wrong["category"] = "请从名单里选。"
    if form.get("urgency", "") not in dict(URGENCY):
        wrong["urgency"] = "请从名单里选。"
    if not _ONCE.fullmatch(form.get("once", "")):
        wrong[""] = "这个表单不完整，请再点一次提交。"
    return wrong


def _place(app: App, viewer: Viewer, text: str, words: str) -> tuple[Place | None, str]:
    """The place that is meant, in the viewer's communities; None: nobody said, the community asks. Blocks."""
    said = nlp.understand(text or words, app.register, now=app.clock()).place
    ours = asking.here(viewer)
    located = locate(said, Person(0, community=ours[0] if len(ours) == 1 else 0))
    if located.place is not None and located.place.community in ours:
        return located.place, ""
    if not text:
        return None, ""
    if located.place is not None:
        return None, f"{located.place.label}不归这里管。请转告那边的社区，或者改地点。"
    if several := [one.label for one in located.several if one.community in ours][:4]:
        return None, f"有几处：{'、'.join(several)}。请写清是哪一处。"
    return None, "没有找到这个地方。请写小区和几幢，比如「学府花园3幢2单元」；说不清就空着，由社区再问。"


def _opened(
    app: App, viewer: Viewer, form: dict[str, str], place: Place | None, photos: tuple[Media, ...]
) -> Ticket | None:
    """The ticket; the same form sent again gives the same one. None where the turn takes too long. Blocks."""
    now, me = app.clock(), asking.me(viewer)
    ours = asking.here(viewer)
    words, name, phone = form["words"], form.get("name", ""), form.get("phone", "")
    said = nlp.understand(words, app.register, now=now)
    known = person_with(app.db, phone) if phone else 0
    contact = json.dumps({"name": name, "phone": phone}, ensure_ascii=False)

    def work(read: Read) -> Outcome:
        who = read.person(me) or Person(me)
        inbound = Inbound(Sender("phone", "-", str(me)), "", now)
        turn = Turn(new_id(), now, who, inbound, said, None, app.policy)
        meant = known or (proxy.who_is(name, place, me, read) if name else 0)
        matter = Report(
            words=words, summary=summary_of(words), category=form.get("category") or said.category or OTHER,
            urgency=form.get("urgency") or said.urgency, kind=said.kind,
            place=place or Place(community=ours[0] if len(ours) == 1 else 0), media=photos,
            proxy_for=meant if meant != me else 0, proxy_name=name or "居民", to_desk=place is None,
        )  # fmt: skip
        out = receive(turn, read, Matter("phone", form["once"], matter, contact))
        return after.settled(out, me, now, app.policy, read)

    try:
        done = app.turns.run(work, now, "console", me).result(_SECONDS)
    except TooSlow:
        return None
    with looking(app.db, now) as read:
        return next(iter(read.tickets_numbered(done.replies[0].text)), None)


def _shown(
    request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str], status: int
) -> web.Response:
    first = dict.fromkeys(("words", "place", "name", "phone", "category", "urgency"), "")
    once = form.get("once", "") if _ONCE.fullmatch(form.get("once", "")) else secrets.token_hex(12)
    return show(
        request, viewer, "phoned.html", status=status, form={**first, **form, "once": once}, wrong=wrong,
        urgencies=URGENCY,
        categories=[("", "由内容定"), *((code, f"{code} {one.name}") for code, one in sorted(CATEGORIES.items()))],
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [door("GET", WHERE, Right.TICKETS_ACT, page), door("POST", WHERE, Right.TICKETS_ACT, report)]
