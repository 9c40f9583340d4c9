"""A handler's list by due time, opened from a task in the chat; the buttons do what the words would."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot import media
from bot.keys import APP
from bot.links import TASKS, Pass
from bot.maps import map_of
from bot.public import taps
from bot.public.pages import IN_PAGE, render
from bot.public.taps import Closed
from handlers.numerals import number_in
from handlers.pressed import for_staff
from handlers.tickets import page
from handlers.tickets.page import Task
from storage import views
from storage.looking import looking

if TYPE_CHECKING:
    from bot.app import App

GROUPS = (("late", "已超时"), ("today", "今天"), ("later", "以后"))


@dataclass(frozen=True, slots=True)
class Row:
    task: Task
    photos: tuple[str, ...]
    voices: tuple[str, ...]
    map: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written in a form that came to nothing."""

    ticket: int
    verb: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """`groups`: (key, heading, rows), empty ones left out."""

    name: str
    count: int
    groups: tuple[tuple[str, str, tuple[Row, ...]], ...]

    def offers(self, kept: Kept) -> bool:
        """Whether the form somebody filled in is still on the list."""
        tasks = (row.task for _, _, rows in self.groups for row in rows)
        forms = (verb for task in tasks if task.ticket == kept.ticket for verb, asks in task.verbs if asks)
        return kept.verb in forms


def shown(app: App, who: Pass) -> Shown | None:
    """None for somebody without a post. Blocks; call in a thread."""
    now = app.clock()
    with looking(app.db, now) as read:
        person = read.person(who.person)
        if person is None or not person.posts:
            return None
        found = page.tasks(person, now, read)
    rows = [Row(task, *_media(app, task.ticket), map_of(task.pin)) for task in found]
    groups = tuple(
        (key, heading, tuple(row for row in rows if row.task.group == key)) for key, heading in GROUPS
    )  # fmt: skip
    return Shown(person.name, len(rows), tuple(group for group in groups if group[2]))


def _media(app: App, ticket: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses of the photos and of the voices, four of each at most."""
    files = views.ticket_media(app.db, ticket)

    def links(kind: str) -> tuple[str, ...]:
        return tuple(media.link(app, name) for name, what, _ in files if what == kind)[:4]

    return links("photo"), links("voice")


@taps.at(TASKS)
async def show(request: web.Request, who: Pass) -> web.Response:
    """GET /m/w/<token>; `?said=<tap>` shows what was answered to a tap."""
    return await _page(request, who, request.query.get("said", ""))


async def _page(request: web.Request, who: Pass, tap: str, kept: Kept | None = None) -> web.Response:
    app, token = request.app[APP], request.match_info["token"]
    found = await asyncio.to_thread(shown, app, who)
    if found is None:
        raise Closed
    response = render(
        "tasks.html", status=422 if kept else 200, it=found, answers=await taps.said(app, who, tap), kept=kept,
        has_form=kept is not None and found.offers(kept), in_page=IN_PAGE in request.headers,
        make_once=lambda: taps.once(app, token),
        **taps.look(request),
    )  # fmt: skip
    return taps.keep_look(request, response)


@taps.at(TASKS)
async def act(request: web.Request, who: Pass) -> web.Response:
    """POST /m/w/<token>: one tap on one matter; 303 to the list with its answer. Refused, it stays filled in."""
    app, token = request.app[APP], request.match_info["token"]
    form = await taps.form_of(request)
    tap, verb = taps.tap_of(app, token, form), str(form.get("verb", ""))
    ticket = number_in(str(form.get("ticket", "")))
    if not for_staff(verb) or not ticket:
        raise web.HTTPBadRequest(text="没有这个按钮。请回到页面再点一次。")
    await taps.press(app, who, ticket, (verb, taps.words_of(form)), tap, form)
    if taps.filled(form) and await taps.refused(app, who, tap):
        return await _page(request, who, tap, Kept(ticket, verb, taps.words_of(form)))
    raise web.HTTPSeeOther(f"{TASKS}{token}?said={tap}#said")


def routes() -> list[web.RouteDef]:
    return [web.get(TASKS + "{token}", show), web.post(TASKS + "{token}", act)]
