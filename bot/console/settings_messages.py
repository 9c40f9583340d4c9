"""The log of messages: found by state, reason and kind, words masked; what failed may be sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from bot.console.asking import here, hidden, me
from bot.console.doors import door
from bot.console.page import back, lists, show
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.console.settings_accounts import reasons
from bot.importing.bounds import bounds_of
from bot.keys import APP
from handlers.numerals import number_in
from storage import audit, view_messages
from storage.engine import Database
from storage.view_messages import Asked

PATH = "/console/settings/messages"
ROWS = 50
STATES = {"waiting": "等着发", "sending": "正在发", "sent": "已发", "failed": "没发成"}
RUNGS = {
    "passive": "当场回复", "service": "客服消息", "template": "模板消息", "person": "企业微信", "webchat": "网页聊天",
    "card": "卡片",
}  # fmt: skip
KINDS = {
    "task": "任务", "progress": "进度", "rating": "请评价", "alarm": "紧急", "notice": "通知", "desk": "社区",
    "digest": "摘要", "reminder": "提醒", "reply": "答复", "announce": "公告", "muster": "应急点名",
}  # fmt: skip


def masked(text: str) -> str:
    """新＊＊＊（26字）: whoever looks after the accounts learns what kind of message it was, not what it said."""
    return f"{text[0]}＊＊＊（{len(text)}字）" if text else ""


async def _scope(db: Database, viewer: Viewer) -> Sequence[int] | None:
    """None for somebody of the whole city: people without a community are his as well."""

    def ask() -> Sequence[int] | None:
        with db.reading() as conn:
            return None if bounds_of(conn, here(viewer)) is None else here(viewer)

    return await asyncio.to_thread(ask)


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/settings/messages?state=&code=&kind=&days=&before="""
    app, query = request.app[APP], request.query
    given = {name: query.get(name, "")[:32] for name in ("state", "code", "kind")}
    days = min(max(number_in(query.get("days", "")[:4]) or 7, 1), 90)
    asked = Asked(**given, days=days, before=number_in(query.get("before", "")))
    ids = await _scope(app.db, viewer)
    now = app.clock()
    rows = await asyncio.to_thread(view_messages.found, app.db, asked, ids, now, ROWS + 1)
    tally = await asyncio.to_thread(view_messages.tally, app.db, ids, now, days)
    shown = rows[:ROWS]
    kept = urlencode({**{name: value for name, value in given.items() if value}, "days": days})
    following = f"{PATH}?{kept}&before={shown[-1].id}" if len(rows) > ROWS else ""
    return show(
        request, viewer, "settings_messages.html", rows=shown, masked=masked, hidden=hidden, states=STATES,
        rungs=RUNGS, kinds=KINDS, reasons=reasons(), form={**given, "days": str(days)}, next=following,
        first=f"{PATH}?{kept}" if asked.before else "", kept=kept,
        failed=[(code, many) for state, code, many in tally if state == "failed"],
    )  # fmt: skip


async def again(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/settings/messages: send what is ticked, and failed, again."""
    app, given = request.app[APP], await lists(request)
    wanted = [number for text in given.get("id", [])[:ROWS] if (number := number_in(text))]
    kept = next(iter(given.get("kept", [])), "")[:200]
    where = PATH + (f"?{kept}" if kept.replace("&", "").replace("=", "").replace("_", "").isalnum() else "")
    ids = await _scope(app.db, viewer)

    def run() -> int:
        count = view_messages.resend(app.db, wanted, ids, app.clock())
        if count:
            with app.db.writing() as conn:
                audit.note(conn, "MessagesResent", {"count": count}, app.clock(), via="console", actor=me(viewer))
        return count

    count = await asyncio.to_thread(run) if wanted else 0
    if not count:
        return back(request, where, "没有可以重发的：请勾选没发成的。", good=False)
    app.outbox.wake()
    return back(request, where, f"{count}条已放回去重发。")


def routes() -> list[web.RouteDef]:
    return [
        door("GET", PATH, Right.SETTINGS_EDIT, page),
        door("POST", PATH, Right.SETTINGS_EDIT, again),
    ]
