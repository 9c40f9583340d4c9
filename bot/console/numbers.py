"""The numbers 数字: indicators of some days, the tickets behind each, what many write about, the month's report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.console import charts, numbers_asked, numbers_words
from bot.console.doors import door
from bot.console.numbers_asked import Wanted
from bot.console.page import show
from bot.console.reckoned import Reckoned, rate_of, reckoned
from bot.console.rights import Right
from bot.console.scope import Viewer
from bot.figures import FiguresRefused
from bot.keys import APP
from handlers.numerals import number_in
from handlers.tickets.categories import name as category_name
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.numbers import BY_KEY, KPIS
from nlp.hot import Hot, Message, hot
from storage import places, tallied, tally
from storage.recent import recent_messages
from storage.sight import Sight
from storage.tallied import Asked

if TYPE_CHECKING:
    from bot.app import App

ROWS = 50
HOT_DAYS, HOT_MESSAGES, HOT_SHOWN = 14, 400, 12


@dataclass(frozen=True, slots=True)
class Issue:
    """What many write about: its tickets by code and id."""

    hot: Hot
    tickets: tuple[tuple[str, int], ...]


async def _wanted(request: web.Request, viewer: Viewer, *, monthly: bool = False) -> tuple[Wanted, dict[str, Any]]:
    """What is asked for, and what every page about it shows; a wrong day is said and the usual days are shown."""
    app, ours = request.app[APP], viewer.communities or ()
    names = await asyncio.to_thread(places.communities_named, app.db)
    read = numbers_asked.month if monthly else numbers_asked.wanted
    wrong: dict[str, str] = {}
    everywhere = set(ours) >= set(names)
    try:
        asked = read(request.query, ours, everywhere, app.clock())
    except FiguresRefused as refused:
        wrong = {"": str(refused)}
        asked = read({}, ours, everywhere, app.clock())
    until = await asyncio.to_thread(tally.told_until, app.db)
    return asked, {
        "wanted": asked, "places": [(one, names[one]) for one in ours if one in names], "until": until,
        "place": names.get(asked.community or (ours[0] if len(ours) == 1 else 0), f"{len(ours)}个社区"),
        "words": numbers_words, "wrong": wrong, "kpis": BY_KEY,
    }  # fmt: skip


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/numbers"""
    return await shown(request, viewer)


async def shown(request: web.Request, viewer: Viewer, wrong: dict[str, str] | None = None) -> web.Response:
    """The page itself; `wrong`: what was wrong with the wish to export, said above it."""
    app = request.app[APP]
    asked, values = await _wanted(request, viewer)
    found = await asyncio.to_thread(reckoned, app.db, asked.asked, asked.step)
    wrong = wrong or values["wrong"]
    values |= {"found": found, "drawn": drawn(found), "wrong": wrong}
    return show(request, viewer, "numbers.html", status=422 if wrong else 200, **values)


def drawn(found: Reckoned) -> dict[str, Any]:
    """The charts of a trend."""
    labels = [numbers_words.stretch(one) for one in found.trend]
    rates = [
        (BY_KEY[key].name, [rate_of(one.numbers, key).value for one in found.trend]) for key in ("solved", "closed")
    ]
    return {
        "tickets": charts.columns(labels, [one.numbers.tickets for one in found.trend]),
        "rates": charts.lines(labels, rates),
    }


async def behind(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/numbers/list: the tickets behind one number; words and people are on the ticket's own page."""
    app = request.app[APP]
    asked, values = await _wanted(request, viewer)
    query = request.query
    key, end = query.get("key", ""), query.get("end", "whole")
    of, group = query.get("of", ""), query.get("group", "")
    day, _, number = query.get("before", "").partition(".")
    last = (day, number_in(number)) if number_in(number) else None
    known = (not key or key in BY_KEY) and end in tallied.ENDS and (not of or of in tallied.GROUPS)
    if not known or (of not in ("", "category") and group != "0" and not number_in(group)):
        return show(request, viewer, "missing.html", status=404)
    may_open = viewer.may(Right.TICKETS_SEE)
    rows = await asyncio.to_thread(
        tallied.behind, app.db, asked.asked, key, end, of, group, last, viewer.sight if may_open else None, ROWS + 1
    )
    more = rows[ROWS - 1] if len(rows) > ROWS else None
    here = {"key": key, "end": end, "of": of, "group": group}
    values |= {
        "rows": rows[:ROWS], "title": numbers_words.listed(key, end), "category": category_name,
        "may_open": may_open, "here": here, "key": key, "end": end, "later": last is not None,
        "group_name": category_name(group) if of == "category" else query.get("name", "")[:40],
        "next": f"?{asked.address(**here, before=f'{more.day.isoformat()}.{more.ticket}')}" if more else "",
    }  # fmt: skip
    return show(request, viewer, "numbers_list.html", **values)


async def heated(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/numbers/hot: what several people reported at once lately."""
    app = request.app[APP]
    now = app.clock()
    issues, looked = await asyncio.to_thread(
        _issues, app, viewer.sight, viewer.communities or (), now - timedelta(days=HOT_DAYS), now
    )
    may_open = viewer.may(Right.TICKETS_SEE)
    return show(
        request, viewer, "numbers_hot.html", issues=issues[:HOT_SHOWN], looked=looked, may_open=may_open,
        days=HOT_DAYS, most=HOT_MESSAGES,
    )  # fmt: skip


def _issues(
    app: App, sight: Sight | None, communities: Sequence[int], since: datetime, until: datetime
) -> tuple[list[Issue], int]:
    """With how many reports were looked at. Blocks."""
    place = replace(sight, communities=tuple(communities)) if sight else Sight(0, tuple(communities))
    said = recent_messages(app.db, since, until, place, HOT_MESSAGES)
    ids = {one.code: one.ticket for one in said}
    messages = [
        Message(one.code, one.words, one.at.astimezone(SHANGHAI), str(one.reporter), one.place) for one in said
    ]
    return [Issue(one, tuple((code, ids[code]) for code in one.keys)) for one in hot(messages)], len(said)


async def report(request: web.Request, viewer: Viewer) -> web.Response:
    """GET /console/numbers/report: one month of one community on paper."""
    app = request.app[APP]
    asked, values = await _wanted(request, viewer, monthly=True)
    days = asked.asked

    def read() -> tuple[Reckoned, Reckoned, list[Issue]]:
        issues, _ = _issues(
            app, viewer.sight, days.communities or viewer.communities or (), _moment(days, 0), _moment(days, 1)
        )
        return reckoned(app.db, days, "week"), reckoned(app.db, numbers_asked.before(days)), issues

    found, earlier, issues = await asyncio.to_thread(read)
    values |= {
        "found": found, "earlier": earlier, "drawn": drawn(found), "issues": issues[:5], "kpis": KPIS,
        "months": numbers_asked.months(asked.today), "may_open": viewer.may(Right.TICKETS_SEE),
        "month": f"{days.first:%Y-%m}", "whole_month": days.last < asked.today,
    }  # fmt: skip
    return show(request, viewer, "report.html", status=422 if values["wrong"] else 200, **values)


def _moment(days: Asked, end: int) -> datetime:
    day = days.last + timedelta(days=1) if end else days.first
    return datetime.combine(day, time(), SHANGHAI)


def routes() -> list[web.RouteDef]:
    from bot.console.numbers_book import export  # it shows this page when a reason is missing

    return [
        door("GET", "/console/numbers", Right.NUMBERS_SEE, page),
        door("GET", "/console/numbers/list", Right.NUMBERS_SEE, behind),
        door("GET", "/console/numbers/hot", Right.NUMBERS_SEE, heated),
        door("GET", "/console/numbers/report", Right.NUMBERS_SEE, report),
        door("POST", "/console/numbers/export", Right.NUMBERS_EXPORT, export),
    ]
