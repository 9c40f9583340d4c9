"""A click as one turn: the same decisions, points and pushes as a message of the same person, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

import nlp
from bot.console.scope import Viewer
from bot.keys import APP
from handlers import after
from handlers.numerals import number_in
from handlers.read import Read
from handlers.types import Inbound, Outcome, Person, Refused, Sender, Turn
from nlp.types import NOTHING
from nlp.when import ZONE
from storage.ids import new_id

if TYPE_CHECKING:
    from bot.app import App

Work = Callable[[Turn, Read], Outcome]
_SECONDS = 8.0
_LATE = "还没办好，请过一会儿刷新看看。"


async def act(request: web.Request, viewer: Viewer, work: Work, words: str = "") -> tuple[bool, str]:
    """(whether something happened, what to say). `words`: read as if the person had written them."""
    app, session = request.app[APP], viewer.session
    assert session is not None, "a door lets nobody in without a log-in"
    now, number = app.clock(), new_id()
    said = nlp.understand(words, app.register, now=now) if words else NOTHING

    def run(read: Read) -> Outcome:
        who = read.person(session.person) or Person(session.person)
        inbound = Inbound(Sender("page", "-", str(who.id)), str(number), now, text=words)
        out = work(Turn(number, now, who, inbound, said, None, app.policy), read)
        out = Outcome(out.replies, out.facts, out.pushes, "keep")
        return after.settled(out, who.id, now, app.policy, read)

    try:
        async with asyncio.timeout(_SECONDS):
            done = await asyncio.wrap_future(app.turns.run(run, now, "console", session.person))
    except TimeoutError:
        return False, _LATE
    if done.pushed:
        app.outbox.wake()
    return bool(done.facts), "\n".join(reply.text for reply in done.replies)


def number(form: dict[str, str], name: str) -> int:
    """A whole number of a form. Raises Refused: an id that was changed by hand, a word in a number's field."""
    text = form.get(name, "").removeprefix("+")
    digits = text.removeprefix("-")
    found = number_in(digits)
    if not found and digits.strip("0"):
        raise Refused("这里要填数字。")
    return -found if digits != text else found


def moment(form: dict[str, str], name: str) -> datetime:
    """The value of a date and time field, in Shanghai. Raises Refused."""
    try:
        return datetime.fromisoformat(form.get(name, "")).replace(tzinfo=ZONE)
    except ValueError:
        raise Refused("请填日期和时间。") from None


def home(app: App, viewer: Viewer, given: str) -> int:
    """The community a page is about: the one asked for when it is the viewer's, else the first of his; 0 for none."""
    mine = viewer.communities or ()
    chosen = number_in(given)
    return chosen if chosen in mine else mine[0] if mine else 0
