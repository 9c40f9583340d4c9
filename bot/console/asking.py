"""What pages of people and settings share: numbers in addresses, today, an act through the one door, masks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from bot.console.scope import Viewer
from bot.importing.records import mask
from bot.keys import APP
from handlers.numerals import number_in
from handlers.read import Read
from handlers.tickets.clock import SHANGHAI
from handlers.types import Outcome, Refused

if TYPE_CHECKING:
    from bot.app import App

T = TypeVar("T")


def here(viewer: Viewer) -> tuple[int, ...]:
    """The communities the viewer may look at; () where nobody is signed in."""
    return viewer.communities or ()


def me(viewer: Viewer) -> int:
    return viewer.session.person if viewer.session else 0


def number(request: web.Request, name: str = "id") -> int:
    """A number of the address. Raises HTTPNotFound for anything else."""
    return number_in(request.match_info.get(name, "")) or _missing()


def _missing() -> int:
    raise web.HTTPNotFound(text="没有这一页。")


def found(value: T | None) -> T:
    """404 also where it belongs to another community: no hint that it exists."""
    if value is None:
        raise web.HTTPNotFound(text="没有这一页。")
    return value


def today(app: App) -> date:
    """Asia/Shanghai."""
    return app.clock().astimezone(SHANGHAI).date()


def day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def act(request: web.Request, viewer: Viewer, work: Callable[[Read], Outcome]) -> tuple[str, bool]:
    """One act through the one door: what is said of it, and whether it came about."""
    app = request.app[APP]
    done = await asyncio.wrap_future(app.turns.run(work, app.clock(), "console", me(viewer)))
    return "".join(reply.text for reply in done.replies), bool(done.facts)


async def ask(request: web.Request, viewer: Viewer, question: Callable[[Read], T]) -> T:
    """What a handler would be told. Raises Refused as the handler does."""
    answers: list[T] = []
    refused: list[Refused] = []

    def work(read: Read) -> Outcome:
        answers.clear()
        refused.clear()
        try:
            answers.append(question(read))
        except Refused as no:
            refused.append(no)
        return Outcome()

    app = request.app[APP]
    await asyncio.wrap_future(app.turns.run(work, app.clock(), "console", me(viewer)))
    if refused:
        raise refused[0]
    return answers[0]


def hidden(text: str) -> str:
    """张*, 138****8888."""
    return mask(text) if text else ""
