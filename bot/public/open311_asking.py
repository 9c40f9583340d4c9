"""Who asks by Open311, of which community and of which days; refused in the format's own words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from aiohttp import web

from bot.api.access import Caller, caller
from bot.keys import APP
from bot.public import open311_take as take
from bot.public.open311_forms import Refused311
from storage.ticket_list import Scope

SPAN = timedelta(days=90)  # the format's own default

Params = Mapping[str, str]


async def posted(request: web.Request) -> dict[str, str]:
    """A form's fields. Raises Refused311(400)."""
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Refused311(400, "正文要用表单：application/x-www-form-urlencoded。")
    try:
        given = await request.post()
    except (ValueError, LookupError, AssertionError):
        raise Refused311(400, "表单看不懂，请核对编码（UTF-8）。") from None
    return {name: value for name, value in given.items() if isinstance(value, str)}


async def sender(request: web.Request, given: Params) -> Caller | None:
    """Who asks, when a key came along; a wrong key is never taken for none."""
    secret = given.get("api_key", "")
    return await caller(request, request.app[APP], secret) if secret else None


async def key(request: web.Request, given: Params) -> Caller:
    """Who may push. Raises Refused311(403)."""
    found = await sender(request, given)
    if found is None or found.role not in ("source", "desk"):
        raise Refused311(403, "要有 api_key，并且是可以推送的令牌。")
    return found


async def scope(request: web.Request, given: Params) -> Scope:
    """The community asked for, all without one. Raises Refused311(404)."""
    jurisdiction = given.get("jurisdiction_id", "")
    if not jurisdiction:
        return Scope()
    found = await asyncio.to_thread(take.community, request.app[APP], jurisdiction)
    if not found:
        raise Refused311(404, "没有这个 jurisdiction_id，它是12位社区编码。")
    return Scope(communities=(found,))


def span(query: Params, now: datetime) -> tuple[datetime, datetime]:
    """From start_date to end_date; 90 days where one is not given. Raises Refused311(400)."""
    since, until = _date(query, "start_date"), _date(query, "end_date")
    until = until or (since + SPAN if since else now + timedelta(days=1))
    return since or until - SPAN, until


def _date(query: Params, name: str) -> datetime | None:
    text = query.get(name, "").replace(" ", "+")  # a plus that was not encoded
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None or not 2000 <= at.year <= 2100:
            raise ValueError(text)
    except ValueError:
        raise Refused311(400, f"{name} 应是带时区的时间，如 2026-11-01T00:00:00+08:00。") from None
    return at
