"""What the pages of the knowledge base share: a click as one turn, the viewer's communities, a form as a draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.scope import Viewer
from bot.keys import APP
from handlers import after
from handlers.knowledge.rules import SHANGHAI
from handlers.knowledge.writing import Draft
from handlers.read import Read
from handlers.types import Outcome, Person
from storage import places
from storage.unit import Done

if TYPE_CHECKING:
    from bot.app import App

LIST, WAITING = "/console/knowledge", "/console/knowledge/waiting"


def today(app: App) -> date:
    return app.clock().astimezone(SHANGHAI).date()


async def run(request: web.Request, viewer: Viewer, work: Callable[[Person, Read], Outcome]) -> Done:
    """What a click does, as one turn: its facts and who is told of them."""
    app, now = request.app[APP], request.app[APP].clock()
    person = viewer.session.person if viewer.session else 0

    def decide(read: Read) -> Outcome:
        who = read.person(person) or Person(person)
        return after.settled(work(who, read), person, now, app.policy, read)

    return await asyncio.wrap_future(app.turns.run(decide, now, "console", person))


async def places_of(request: web.Request, viewer: Viewer) -> list[tuple[int, str]]:
    names = await asyncio.to_thread(places.communities_named, request.app[APP].db)
    return [(one, names[one]) for one in viewer.communities or () if one in names]


def draft_of(form: dict[str, str], viewer: Viewer, answer: int = 0) -> Draft:
    """As typed; a community that is not one's own becomes none."""
    given = form.get("community", "")
    ours = viewer.communities or ()
    community = next((one for one in ours if str(one) == given), ours[0] if not given and len(ours) == 1 else 0)
    revision = form.get("revision", "")
    return Draft(
        community=community, question=form.get("question", ""), words=form.get("answer", ""),
        variants=tuple(way.strip() for way in form.get("variants", "").split("\n") if way.strip()),
        source=form.get("source", ""), since=form.get("since", ""), until=form.get("until", ""), answer=answer,
        revision=int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0,
    )  # fmt: skip
