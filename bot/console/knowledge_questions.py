"""Residents' questions that wait for an answer, and the box that says what the bot would answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

import nlp
from bot.console.doors import door
from bot.console.knowledge_desk import LIST, WAITING, draft_of, places_of, run, today
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.knowledge import texts, writing
from handlers.knowledge.port import Known
from handlers.knowledge.rules import how_sure
from handlers.learning.texts import INTENTS
from storage import view_knowledge
from storage.looking import looking
from storage.view_knowledge import Asked

if TYPE_CHECKING:
    from bot.app import App

SURE = {
    "sure": "会直接这样答", "near": "拿不准，会反问居民是不是问这些", "unsure": "不知道，会转给社区的人，不会编",
}  # fmt: skip
REPLIED_DAYS = 7


@dataclass(frozen=True, slots=True)
class Tried:
    """What the bot would do with a sentence."""

    words: str
    intent: str
    score: float
    verdict: str
    found: tuple[Known, ...]


async def waiting(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge/waiting: what residents asked and nobody could answer, as a work list."""
    app, ours = request.app[APP], viewer.communities or ()

    def read() -> tuple[list[Asked], list[Asked]]:
        since = app.clock() - timedelta(days=REPLIED_DAYS)
        return view_knowledge.waiting(app.db, ours), view_knowledge.replied(app.db, ours, since)

    asked, replied = await asyncio.to_thread(read)
    return show(request, viewer, "knowledge_waiting.html", asked=asked, replied=replied, days=REPLIED_DAYS)


async def attempt(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge/try: 居民这样问，会答什么."""
    app, where = request.app[APP], await places_of(request, viewer)
    words = request.query.get("words", "").strip()[:300]
    chosen = request.query.get("community", "")
    community = next((one for one, _ in where if str(one) == chosen), where[0][0] if where else 0)
    tried = await asyncio.to_thread(_tried, app, words, community) if words else None
    policy = app.policy
    return show(
        request, viewer, "knowledge_try.html", tried=tried, places=where, community=community, sure=SURE,
        form={"words": words, "community": community}, at=(policy.knowledge_sure, policy.knowledge_near),
    )  # fmt: skip


def _tried(app: App, words: str, community: int) -> Tried:
    """The same search and the same bars as in a talk. Blocks."""
    said, policy = nlp.understand(words, app.register, now=app.clock()), app.policy
    with looking(app.db, app.clock()) as read:
        found = read.known_answers(said.text or words, community, today(app))
    verdict = how_sure(
        [one.likeness for one in found], policy.knowledge_sure, policy.knowledge_near, policy.knowledge_apart
    )
    return Tried(words, INTENTS.get(said.intent, said.intent), said.score, verdict, found)


async def question(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge/questions/<number>: what a resident asked, what comes near, room for the answer."""
    return await _answering(request, viewer, {"keep": "1"}, {})


async def answer(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/knowledge/questions/<number>: to the one who asked and, when wished, for all who will."""
    form, number, now = await fields(request), int(request.match_info["number"]), request.app[APP].clock()
    keep = bool(form.get("keep"))
    draft = draft_of(form, viewer)
    wrong = writing.faults(draft) if keep else {}
    if not 0 < len(draft.words) <= writing.ANSWER:
        wrong["answer"] = texts.FAULTS["words"]
    if not wrong:
        kept = draft if keep else None
        done = await run(request, viewer, lambda who, read: writing.reply(number, draft.words, kept, who, now, read))
        if done.facts:
            return back(request, WAITING, "已回复居民。" + (done.replies[0].text if keep else ""))
        wrong = {"": done.replies[0].text}
    return await _answering(request, viewer, form, wrong)


async def _answering(
    request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str]
) -> web.Response:
    app, number = request.app[APP], int(request.match_info["number"])
    where = await places_of(request, viewer)

    def read() -> tuple[Asked | None, tuple[Known, ...]]:
        found = view_knowledge.question(app.db, number, viewer.communities or ())
        if found is None:
            return None, ()
        with looking(app.db, app.clock()) as look:
            near = look.known_answers(found.words, found.community, today(app))
        return found, tuple(one for one in near if one.likeness > 0.1)

    asked, near = await asyncio.to_thread(read)
    if asked is None:
        return show(request, viewer, "missing.html", status=404)
    usual: dict[str, Any] = {"question": asked.words, "community": str(asked.community or "")}
    return show(
        request, viewer, "knowledge_question.html", status=422 if wrong else 200, asked=asked, near=near,
        places=where, form=usual | form, wrong=wrong,
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    edit = Right.KNOWLEDGE_EDIT
    return [
        door("GET", WAITING, edit, waiting),
        door("GET", f"{LIST}/try", edit, attempt),
        door("GET", LIST + r"/questions/{number:\d{1,6}}", edit, question),
        door("POST", LIST + r"/questions/{number:\d{1,6}}", edit, answer),
    ]
