"""Replies kept ready: written once, with variables, used from every ticket's page of the community."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import asking
from bot.console.doors import door
from bot.console.page import back, fields, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.keys import APP
from handlers.numerals import number_in
from handlers.tickets.ready import FIRST, VARIABLES, unknown
from storage import places, ready
from storage.ready import Ready

if TYPE_CHECKING:
    from bot.app import App

WHERE = "/console/replies"
TITLE_MOST, WORDS_MOST = 40, 1000


def look(app: App, viewer: Viewer) -> tuple[list[Ready], list[tuple[int, str]]]:
    """Those of the viewer's communities, and the communities by name. Blocks."""
    ids = asking.here(viewer)
    names = places.communities_named(app.db)
    return ready.kept(app.db, ids), [(one, names[one]) for one in ids if one in names]


async def page(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """GET /console/replies, with ?change=<id> one of them in the form."""
    app = request.app[APP]
    kept, _ = await asyncio.to_thread(look, app, viewer)
    chosen = next((one for one in kept if str(one.id) == request.query.get("change") and one.community), None)
    form = {"id": str(chosen.id), "community": str(chosen.community), "title": chosen.title, "words": chosen.words} \
        if chosen else {}  # fmt: skip
    return await _shown(request, viewer, form, {}, 200)


async def keep(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/replies: do=keep with title and words, do=drop, do=first."""
    app, form = request.app[APP], await fields(request)
    now, me, ids = app.clock(), asking.me(viewer), asking.here(viewer)
    number, community = number_in(form.get("id", "")), number_in(form.get("community", ""))
    if form.get("do") == "drop":
        gone = await asyncio.to_thread(ready.drop, app.db, number, ids)
        return back(request, WHERE, "删掉了。" if gone else "这一条已经不在了。", good=gone)
    if len(ids) == 1:
        community = ids[0]
    if community not in ids:
        return await _shown(request, viewer, form, {"community": "请选社区。"}, 422)
    if form.get("do") == "first":
        for title, words in FIRST:
            await asyncio.to_thread(ready.keep, app.db, Ready(0, community, title, words), me, now)
        return back(request, WHERE, f"加了{len(FIRST)}条，可以改。")
    if wrong := _wrong(form):
        return await _shown(request, viewer, form, wrong, 422)
    made = Ready(number, community, form["title"], form["words"])
    if not await asyncio.to_thread(ready.keep, app.db, made, me, now):
        text = "这一条已经被删掉了。" if number else f"一个社区最多{ready.MOST}条，先删掉不用的。"
        return await _shown(request, viewer, form, {"": text}, 409)
    return back(request, WHERE, "存好了。")


def _wrong(form: dict[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    title, words = form.get("title", ""), form.get("words", "")
    if not title or len(title) > TITLE_MOST:
        wrong["title"] = f"请写名称，最多{TITLE_MOST}个字。"
    if not words or len(words) > WORDS_MOST:
        wrong["words"] = f"请写内容，最多{WORDS_MOST}个字。"
    elif names := unknown(words):
        wrong["words"] = f"没有「{'」「'.join(names)}」这个变量。能用的：{'、'.join(VARIABLES)}。"
    return wrong


async def _shown(
    request: web.Request, viewer: Viewer, form: dict[str, str], wrong: dict[str, str], status: int
) -> web.StreamResponse:
    kept, here = await asyncio.to_thread(look, request.app[APP], viewer)
    first = {"id": "", "community": "", "title": "", "words": ""}
    return show(
        request, viewer, "replies.html", status=status, kept=kept, here=here, variables=VARIABLES,
        form={**first, **form}, wrong=wrong,
    )  # fmt: skip


def routes() -> list[web.RouteDef]:
    return [door("GET", WHERE, Right.KNOWLEDGE_EDIT, page), door("POST", WHERE, Right.KNOWLEDGE_EDIT, keep)]
