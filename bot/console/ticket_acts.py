"""An act on one ticket from its page: the form as arguments, done once; what somebody did meanwhile is shown first.

Nothing that was typed is lost: a form that could not be done comes back as it was.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import asking, handed, ticket, words
from bot.console.doors import door
from bot.console.offers import BY_KEY, Offer
from bot.console.page import back, lists
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import acting
from handlers.numerals import number_in
from handlers.read import Read
from handlers.tickets.acts_end import LINES
from handlers.tickets.acts_pass import BASES
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.doing import Args
from handlers.tickets.facts import AccessRefused
from handlers.tickets.rules import ROUTES, Action
from handlers.tickets.texts import RATING_WORDS
from handlers.types import Outcome
from storage.assignees import assignees
from storage.looking import looking

if TYPE_CHECKING:
    from bot.app import App

WORDS_MOST = 2000
_SECONDS = 8.0
BUSY = "现在太忙，还不知道办成没有。请先看看这一单，再决定要不要再点。"
LISTS = ("清单内", "清单外")
# What a resident or colleague adds does not stand in the way of these.
_UNDISTURBED = {
    Action.REPLY: frozenset({"WordsAdded", "TicketUrged", "DeskSpoke", "DeskReplied"}),
    Action.ADD: frozenset({"WordsAdded", "TicketUrged", "DeskSpoke", "DeskReplied"}),
}  # fmt: skip
_ALWAYS = frozenset({Action.NOTE, Action.HAND_OVER})  # whatever happened meanwhile: nothing is written over
_NEEDED = {
    "words": "请写一句。", "until": "请选日期。", "to": "请选交给谁。", "units": "请选单位，第一个是主办。",
    "category": "请选分类。", "into": "请写要并到的编号。", "route": "请选原因。", "line": "请选专线。",
    "basis": "请选依据。", "unit": "请选单位。", "rating": "请选一个。",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it. `met`: others did something meanwhile, which is shown first."""

    done: bool
    said: str
    met: bool = False


async def act(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/tickets/<id>/act"""
    app, number = request.app[APP], asking.number(request)
    await asyncio.to_thread(_seen, app, number, viewer)
    given = await lists(request)
    form = {name: values[-1] for name, values in given.items()}
    offer = BY_KEY.get(form.get("do", ""))
    if offer is None or viewer.session is None:
        return back(request, f"/console/tickets/{number}", "请先选要办什么。", good=False)
    args, wrong = await asyncio.to_thread(read_args, app, viewer, number, offer, given)
    if not wrong and "photos" in offer.fields:
        photos, wrong = await handed.photos(request)
        args = replace(args, media=photos)
    if wrong:
        return await ticket.again(request, viewer, number, offer, given, wrong, 422)
    seen = number_in(form.get("seen", ""))
    tried = await asyncio.to_thread(_try, app, viewer, number, offer, args, seen)
    if tried.done:
        return back(request, f"/console/tickets/{number}{_part(offer)}", tried.said)
    wrong = {
        "": tried.said
        or f"{'您写的时候' if args.words else '刚才'}，这一单有了变化。请看看还要不要这样办，再点一次。"
    }
    return await ticket.again(request, viewer, number, offer, given, wrong, 409, seen if tried.met else 0)


def _part(offer: Offer) -> str:
    return "#talk" if offer.action in (Action.REPLY, Action.TAKE_OVER, Action.HAND_OVER) else ""


def _seen(app: App, number: int, viewer: Viewer) -> None:
    if not ticket.may_see(app, number, viewer):
        raise web.HTTPNotFound(text="没有这一页。")


def _try(app: App, viewer: Viewer, number: int, offer: Offer, args: Args, seen: int) -> Tried:
    """In one turn: what others did since `seen`, else the act. Blocks."""
    assert viewer.session is not None
    person, now = viewer.session.person, app.clock()
    met: list[str] = []

    def work(read: Read) -> Outcome:
        others = read.happened_since(number, seen, person)
        met[:] = [kind for kind in others if kind not in _UNDISTURBED.get(offer.action, ())]
        if met and offer.action not in _ALWAYS:
            return Outcome()
        return acting.order(offer.action.name, number, args, person, now, app.policy, read)

    try:
        done = app.turns.run(work, now, "console", person).result(_SECONDS)
    except TooSlow:
        return Tried(False, BUSY)
    if met and offer.action not in _ALWAYS:
        return Tried(False, "", met=True)
    said = words.here("".join(reply.text for reply in done.replies))
    return Tried(not any(isinstance(fact, AccessRefused) for fact in done.facts), said)


def read_args(
    app: App, viewer: Viewer, number: int, offer: Offer, given: dict[str, list[str]]
) -> tuple[Args, dict[str, str]]:
    """The act's arguments and what is wrong with the form, by field. Blocks."""
    one = {name: given.get(name, [""])[-1] if name in offer.fields else "" for name in _NEEDED}
    units = tuple(filter(None, map(number_in, given.get("units", ())))) if "units" in offer.fields else ()
    lead = number_in(given.get("lead", [""])[-1])
    units = tuple(dict.fromkeys((lead, *units))) if lead in units or (lead and not units) else units
    wrong = {name: _NEEDED[name] for name in offer.must if not (units if name == "units" else one[name])}
    if len(one["words"]) > WORDS_MOST:
        wrong["words"] = f"最多{WORDS_MOST}个字，现在有{len(one['words'])}个。"
    for name, known in (
        ("basis", BASES), ("category", CATEGORIES), ("route", ROUTES), ("line", LINES), ("rating", RATING_WORDS),
    ):  # fmt: skip
        if one[name] and one[name] not in known:
            wrong[name] = _NEEDED[name]
    until = _until(one["until"]) if one["until"] else None
    if one["until"] and until is None:
        wrong["until"] = "日期写不对。请从日历里选。"
    kind, target = one["to"][:1], number_in(one["to"][1:])
    if one["to"] and not (kind in "pu" and target and _may_get(app, viewer, kind, target)):
        wrong["to"] = "请从名单里选。"
    into, at = 0, one["into"].strip()
    with looking(app.db, app.clock()) as read:
        mine = read.ticket(number)
        if at and mine is not None:
            near = read.tickets_numbered(at, mine.community) if at.isdecimal() and len(at) <= 16 else ()
            into = next((found.id for found in near if found.id != number), -1)
        mentioned = tuple(filter(None, map(number_in, given.get("mentioned", ()))))
    cost = number_in(given.get("cost", [""])[-1]) if "cost" in offer.fields else 0
    basis = given.get("list_basis", [""])[-1] if "list_basis" in offer.fields else ""
    args = Args(
        words=one["words"][:WORDS_MOST], until=until, agreed=offer.agreed, rating=one["rating"], basis=one["basis"],
        category=one["category"], route=one["route"], line=one["line"], into=into, units=units,
        to=target if kind == "p" else 0, list_basis=basis if basis in LISTS else "", cost=min(cost, 10**9),
        unit=target if kind == "u" else number_in(one["unit"]),
        mentioned=mentioned if "mentioned" in offer.fields else (),
    )  # fmt: skip
    return args, wrong


def _until(text: str) -> datetime | None:
    """A day alone is the end of its office hours."""
    day = asking.day_in(text)
    return datetime.combine(day, time(18), SHANGHAI) if day else None


def _may_get(app: App, viewer: Viewer, kind: str, target: int) -> bool:
    people, units = assignees(app.db, viewer.communities or ())
    return any(one.id == target for one in (people if kind == "p" else units))


def routes() -> list[web.RouteDef]:
    return [door("POST", "/console/tickets/{id}/act", Right.TICKETS_ACT, act)]
