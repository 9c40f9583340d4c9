"""The page of one matter, opened from the chat by whoever reported or follows it; reads and taps without script."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.keys import APP
from bot.links import MATTER, Pass
from bot.public import taps
from bot.public.pages import day_and_time, render
from bot.public.taps import Closed
from handlers.tickets import page, page_texts
from handlers.tickets.page import Sheet
from handlers.tickets.texts import RATING_WORDS
from storage import views
from storage.looking import looking
from storage.views import Step

if TYPE_CHECKING:
    from bot.app import App

VERBS = frozenset({"补充", "催办", "解决了", "没解决", "评价"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A matter with its timeline, photos and voices. `steps`: (when, what, in whose words)."""

    sheet: Sheet
    steps: tuple[tuple[str, str, str], ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    said: tuple[str, ...]  # voices of the report …
    told: tuple[str, ...]  # … and of the result
    office: str
    phone: str


def shown(app: App, who: Pass) -> Shown | None:
    """None when it is not this person's to read. Blocks; call in a thread."""
    now = app.clock()
    with looking(app.db, now) as read:
        ticket, person = read.ticket(who.ticket), read.person(who.person)
        sheet = page.sheet(ticket, person, now, app.policy, read) if ticket and person else None
        if ticket is None or sheet is None:
            return None
        happened = views.timeline(app.db, who.ticket)
        owners = {step.body.get("owner", 0) for step in happened} - {0}
        given = {(step.body.get("owner", 0), step.body.get("unit", 0)) for step in happened}
        names = {pair: page.hand(*pair, read) for pair in given}
        community = read.community(ticket.community)
        handlers = owners | {ticket.owner}
    files = views.ticket_media(app.db, who.ticket)

    def links(kind: str, of: str) -> tuple[str, ...]:
        return tuple(media.link(app, name) for name, *what in files if what == [kind, of])

    return Shown(
        sheet,
        tuple(filter(None, (_step(step, who.person, sheet, names, handlers) for step in happened))),
        links("photo", "report") if sheet.own else (),
        links("photo", "result"),
        links("voice", "report") if sheet.own else (),
        links("voice", "result"),
        community.name if community else "",
        community.phone if community else "",
    )


def _step(
    step: Step, person: int, sheet: Sheet, names: dict[tuple[int, int], str], handlers: set[int]
) -> tuple[str, str, str] | None:
    own = step.actor == person
    named = "" if sheet.hidden else step.actor_name
    if step.kind == "WordsAdded" and not own:  # of a handler; what neighbours add is not shown around
        named = named if step.actor in handlers else ""
    elif not named:
        named = "社区"
    owner = "" if sheet.hidden else names.get((step.body.get("owner", 0), step.body.get("unit", 0)), "")
    what = page_texts.step(step.kind, step.body, named, owner or "社区", own=own)
    if not what:
        return None
    heard = step.words if own or step.kind in page_texts.SHOWS_WORDS else ""
    return day_and_time(step.at), what, "" if heard in what else heard


@taps.at(MATTER)
async def show(request: web.Request, who: Pass) -> web.Response:
    """GET /m/t/<token>; `?said=<tap>` shows what was answered to a tap, `?big=1` large type."""
    return await _page(request, who, request.query.get("said", ""))


async def _page(request: web.Request, who: Pass, tap: str, wrote: str = "", status: int = 200) -> web.Response:
    app, token = request.app[APP], request.match_info["token"]
    found = await asyncio.to_thread(shown, app, who)
    if found is None:
        raise Closed
    response = render(
        "matter.html", status=status, it=found.sheet, shown=found, stages=page_texts.STAGES, wrote=wrote,
        answers=await taps.said(app, who, tap), once=taps.once(app, token), **taps.look(request),
    )  # fmt: skip
    return taps.keep_look(request, response)


@taps.at(MATTER)
async def act(request: web.Request, who: Pass) -> web.Response:
    """POST /m/t/<token>: one tap; 303 to the page with its answer. Refused, it shows what was written."""
    app, token = request.app[APP], request.match_info["token"]
    form = await taps.form_of(request)
    tap, verb = taps.tap_of(app, token, form), str(form.get("verb", ""))
    if verb not in VERBS:
        raise web.HTTPBadRequest(text="没有这个按钮。请回到页面再点一次。")
    words = _rated(form) if verb == "评价" else taps.words_of(form)
    await taps.press(app, who, who.ticket, (verb, words), tap, form)
    if taps.words_of(form) and await taps.refused(app, who, tap):
        return await _page(request, who, tap, taps.words_of(form), 422)
    raise web.HTTPSeeOther(f"{MATTER}{token}?said={tap}#said")


def _rated(form: taps.Form) -> str:
    """The rating goes before the words, as one would say it."""
    rating = str(form.get("rating", ""))
    if rating not in RATING_WORDS:
        raise web.HTTPBadRequest(text="请先选满意、基本满意或不满意。")
    return f"{rating} {taps.words_of(form)}".strip()


def routes() -> list[web.RouteDef]:
    return [web.get(MATTER + "{token}", show), web.post(MATTER + "{token}", act)]
