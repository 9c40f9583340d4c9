"""The knowledge base 知识库: its list, one answer to write or change, what it said before."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiohttp import web

from bot.console import knowledge_questions
from bot.console.asking import found, number
from bot.console.doors import door
from bot.console.knowledge_desk import LIST, draft_of, places_of, run, today
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.knowledge import writing
from storage import view_knowledge
from storage.view_knowledge import Entry, Version

ROWS = 50
STATES = {"": "全部", "used": "在用", "expiring": "快到期", "over": "已过期", "gone": "已下架"}


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge: answers by state and words, what was asked most first."""
    app, ours = request.app[APP], viewer.communities or ()
    state, words = request.query.get("state", ""), request.query.get("q", "").strip()[:60]
    given = request.query.get("skip", "0")
    skip = int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 0
    day, soon = today(app), app.policy.knowledge_expiring_days

    def read() -> tuple[list[Entry], dict[str, int], int]:
        rows = view_knowledge.entries(app.db, ours, state, words, day, soon, skip=skip, limit=ROWS + 1)
        waiting = len(view_knowledge.waiting(app.db, ours))
        return rows, view_knowledge.counted(app.db, ours, day, soon), waiting

    rows, counts, waiting = await asyncio.to_thread(read)
    return show(
        request, viewer, "knowledge.html", rows=rows[:ROWS], counts=counts, waiting=waiting, state=state, words=words,
        states=STATES, skip=skip, more=len(rows) > ROWS, rows_most=ROWS, today=day.isoformat(),
        soon=(day + timedelta(days=soon)).isoformat(),
    )  # fmt: skip


async def new(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge/new"""
    return await _sheet(request, viewer, 0, {"question": request.query.get("question", "")[:200]})


async def one(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/knowledge/<id>: the answer to change, and what it said before."""
    answer, ours = number(request), viewer.communities or ()
    entry, _ = found(await asyncio.to_thread(view_knowledge.entry, request.app[APP].db, answer, ours))
    form = {
        "community": str(entry.community), "question": entry.question, "variants": "\n".join(entry.variants),
        "answer": entry.words, "source": entry.source, "since": entry.since, "until": entry.until,
        "revision": str(entry.revision),
    }  # fmt: skip
    return await _sheet(request, viewer, answer, form)


async def _sheet(
    request: web.Request,
    viewer: Viewer,
    answer: int,
    form: dict[str, str],
    wrong: dict[str, str] | None = None,
) -> web.Response:
    app, where = request.app[APP], await places_of(request, viewer)
    entry: Entry | None = None
    versions: list[Version] = []
    if answer:
        entry, versions = found(
            await asyncio.to_thread(view_knowledge.entry, app.db, answer, viewer.communities or ())
        )
    mine = entry is None or entry.community in (viewer.communities or ())
    return show(
        request, viewer, "knowledge_entry.html", status=422 if wrong else 200, entry=entry, versions=versions,
        places=where, form=form, wrong=wrong or {}, mine=mine, today=today(app).isoformat(),
    )  # fmt: skip


async def save(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/knowledge/new and /console/knowledge/<id>"""
    form = await fields(request)
    answer = number(request) if "id" in request.match_info else 0
    draft = draft_of(form, viewer, answer)
    wrong = writing.faults(draft)
    if not wrong:
        done = await run(request, viewer, lambda who, read: writing.write(draft, who, read))
        if done.facts:
            return back(request, LIST, done.replies[0].text)
        wrong = {"": done.replies[0].text}
    return await _sheet(request, viewer, answer, form, wrong)


async def retire(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/knowledge/<id>/retire: 下架, or with back=1 给回."""
    form, answer = await fields(request), number(request)
    again = form.get("back") == "1"
    done = await run(request, viewer, lambda who, read: writing.retire(answer, who, read, back=again))
    return back(request, f"{LIST}/{answer}", done.replies[0].text, good=bool(done.facts))


def routes() -> list[web.RouteDef]:
    edit = Right.KNOWLEDGE_EDIT
    return [
        door("GET", LIST, edit, page),
        door("GET", f"{LIST}/new", edit, new),
        door("POST", f"{LIST}/new", edit, save),
        door("GET", LIST + r"/{id}", edit, one),
        door("POST", LIST + r"/{id}", edit, save),
        door("POST", LIST + r"/{id}/retire", edit, retire),
        *knowledge_questions.routes(),
    ]
