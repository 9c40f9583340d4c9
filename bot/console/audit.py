"""The auditor's page: who did what, when, through what; and whether the log is as it was written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from bot.console import words
from bot.console.audit_labels import LABELS, VALUES
from bot.console.audit_words import HAPPENED, KINDS, REFUSED, VIAS
from bot.console.doors import door
from bot.console.page import back, show
from bot.console.rights import NAMES, Right
from bot.console.scope import Viewer
from bot.keys import APP
from bot.public.pages import day_and_time
from handlers.numerals import number_in
from handlers.tickets.clock import SHANGHAI
from storage import audit, audit_view, chain
from storage.audit_view import Asked, Entry
from storage.sight import StaffRole
from storage.views import Step

if TYPE_CHECKING:
    from bot.app import App

HERE = "/console/audit"
ROWS = 50
DAYS = 7  # shown when nothing is asked
MOST_DAYS = 366
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ+:-]*")
_NO = frozenset({"agreed", "solved", "open", "on", "ok", "yes"})  # fields whose no says something
_DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=")  # a private field: what it was, nobody can read from it


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as text: `more` is what the log says beside, as it stands there."""

    entry: Entry
    what: str
    via: str
    more: str


def line(entry: Entry) -> Line:
    step = Step(entry.at, entry.kind, entry.via, entry.actor, entry.name or "系统", entry.body, "", unit=entry.unit)
    what = KINDS.get(entry.kind) or HAPPENED.get(entry.kind) or words.step(step, entry.names)
    body = {name: value for name, value in entry.body.items() if name != "ticket"}
    if entry.kind == "AccessRefused":
        what = REFUSED.get(body.pop("why", ""), what)
    if body.get("role") in StaffRole.__members__.values():
        body["role"] = NAMES[StaffRole(body["role"])]
    more = _fields(body)
    return Line(entry, what, VIAS.get(entry.via, entry.via), more[:300])


def _fields(body: Mapping[str, object]) -> str:
    """What is given in it: 0, empty and most a no stand for nothing."""
    given = ((name, value) for name, value in body.items() if value or (value is False and name in _NO))
    return "，".join(f"{LABELS.get(name, name)} {_plain(value)}" for name, value in given)


def _plain(value: object) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case str() if _DIGEST.fullmatch(value):
            return "（封存）"
        case str() if _MOMENT.fullmatch(value):
            return day_and_time(datetime.fromisoformat(value))
        case str():
            return VALUES.get(value, value)
        case list():
            return "、".join(map(_plain, value))
        case dict():
            return f"（{_fields(value)}）"
        case _:
            return str(value)


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/audit?since=&until=&who=&kind=&via=&ticket=&after="""
    app = request.app[APP]
    today = app.clock().astimezone(SHANGHAI).date()
    given = {name: request.query.get(name, "").strip()[:64] for name in ("who", "kind", "via", "ticket")}
    since, until = _day(request.query.get("since", "")), _day(request.query.get("until", ""))
    until = until or today
    since = since or until - timedelta(days=DAYS - 1)
    wrong = {}
    if since > until or until - since > timedelta(days=MOST_DAYS):
        wrong["since"] = "开始不能晚于结束，最多一年。"
        since = until
    found, unsealed = await asyncio.to_thread(
        _look, app, given, since, until, number_in(request.query.get("after", ""))
    )
    query = {**given, "since": since.isoformat(), "until": until.isoformat()}
    further = f"{HERE}?{urlencode({**query, 'after': found.further})}" if found and found.further else ""
    if found is None:
        wrong["who" if given["who"] else "ticket"] = "没有这个登录名。" if given["who"] else "没有这个编号。"
    return show(
        request, viewer, "audit.html", lines=[line(one) for one in found.entries] if found else [], form=query,
        wrong=wrong, further=further, unsealed=unsealed, first=HERE if request.query.get("after") else "",
        kinds=[("", "不限"), *KINDS.items()], vias=[("", "不限"), *VIAS.items()],
    )  # fmt: skip


def _look(
    app: App, given: Mapping[str, str], since: date, until: date, after: int
) -> tuple[audit_view.Found | None, int]:
    """None where the log-in or the ticket is not there. Blocks."""
    person = audit_view.person_of_login(app.db, given["who"]) if given["who"] else 0
    ticket = audit_view.ticket_of(app.db, given["ticket"]) if given["ticket"] else 0
    waiting = audit_view.unsealed(app.db)
    if (given["who"] and not person) or (given["ticket"] and not ticket):
        return None, waiting
    first = datetime.combine(since, time(), SHANGHAI)
    last = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    asked = Asked(first, last, person, given["kind"], given["via"], ticket, after)
    return audit_view.page(app.db, asked, ROWS), waiting


async def check(request: web.Request, viewer: Viewer) -> web.Response:
    """POST /console/audit/check: the whole chain, as `jushe doctor` does it."""
    app = request.app[APP]

    def verify() -> tuple[str, bool]:
        body: dict[str, object]
        try:
            number = chain.verify(app.db)
            said, good, body = f"核对了{number}条，都没有被改过。", True, {"checked": number}
        except chain.ChainBroken as broken:
            said = f"第{broken.position}条对不上：有人改过、删过或加过记录。请保留现场，报告安全管理员。"
            good, body = False, {"broken": broken.position}
        with app.db.writing() as conn:
            audit.note(conn, "ChainChecked", body, app.clock(), via="console", actor=_actor(viewer))
        return said, good

    said, good = await asyncio.to_thread(verify)
    return back(request, HERE, said, good=good)


def _actor(viewer: Viewer) -> int:
    return viewer.session.person if viewer.session else 0


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def routes() -> list[web.RouteDef]:
    return [door("GET", HERE, Right.AUDIT_SEE, page), door("POST", f"{HERE}/check", Right.AUDIT_SEE, check)]
