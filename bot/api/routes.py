"""The addresses of the API: one row an endpoint; the specification is made from the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web
from pydantic import BaseModel

from bot import figures
from bot.api import acting, changes, photos, tickets
from bot.api.access import prepare
from bot.api.changes import ChangesOut, ChangesQuery
from bot.api.door import handler
from bot.api.models import (
    Act,
    ActedOut,
    CategoriesOut,
    ContactOut,
    MeOut,
    NewTicket,
    NumbersQuery,
    ReasonQuery,
    TicketQuery,
    TicketsOut,
    TimelineOut,
    WholeTicketOut,
)
from bot.api.photos import PhotoTaken
from bot.api.problems import Problem
from bot.api.spec import BASE, Call, Endpoint, openapi
from bot.keys import APP

if TYPE_CHECKING:
    from bot.app import App


class RateOut(BaseModel):
    """`part` and `value` null: too few to say."""

    key: str
    name: str
    formula: str
    part: float | None
    whole: int
    value: float | None


class TimesOut(BaseModel):
    count: int
    mean: int | None
    median: int | None
    p90: int | None


class ListsOut(BaseModel):
    """Tasks pushed down to communities: on their list, off it, refused; what work outside the list costs (yuan)."""

    inside: int
    outside: int
    refused: int
    cost: int


class FiguresOut(BaseModel):
    tickets: int
    rates: list[RateOut]
    response_minutes: TimesOut
    done_minutes: TimesOut
    lists: ListsOut


class GroupOut(FiguresOut):
    group: str


class TraceOut(BaseModel):
    code: str
    part: float
    whole: int


class NumbersOut(BaseModel):
    first: str
    last: str
    whole: FiguresOut
    groups: list[GroupOut] | None
    trace: list[TraceOut] | None


def numbers(call: Call) -> NumbersOut:
    asked: NumbersQuery = call.query
    now = call.app.clock()
    try:
        wanted = figures.wanted(
            call.caller.token.communities, asked.first, asked.last, asked.by, asked.trace, now
        )  # fmt: skip
    except figures.FiguresRefused as refused:
        raise Problem(422, "invalid", str(refused)) from None
    found: dict[str, Any] = figures.report(call.app.db, wanted, now)
    return NumbersOut(
        first=found["from"], last=found["to"], whole=found["whole"], groups=found.get("groups"),
        trace=found.get("trace"),
    )  # fmt: skip


ENDPOINTS = (
    Endpoint("GET", "/me", "me", "这个令牌是谁、能看哪里", tickets.me, MeOut),
    Endpoint("GET", "/categories", "categories", "全部分类", tickets.categories, CategoriesOut),
    Endpoint("GET", "/tickets", "listTickets", "工单列表，新的在前", tickets.listed, TicketsOut, query=TicketQuery),
    Endpoint("POST", "/tickets", "createTicket", "推送一件事；同一 external_id 只收一次", acting.created,
             WholeTicketOut, ("source", "desk"), body=NewTicket),
    Endpoint("GET", "/tickets/{id}", "getTicket", "一件工单，带时钟和现在能做的操作", tickets.one, WholeTicketOut,
             query=ReasonQuery, errors=(404,)),
    Endpoint("GET", "/tickets/{id}/timeline", "getTimeline", "办理经过", tickets.timeline, TimelineOut,
             query=ReasonQuery, errors=(404,)),
    Endpoint("GET", "/tickets/{id}/contact", "getContact", "推送时留下的联系人，要理由", tickets.contact, ContactOut,
             ("desk",), query=ReasonQuery, errors=(404,)),
    Endpoint("POST", "/tickets/{id}/actions", "act", "对工单做一个操作", acting.acted, ActedOut,
             ("source", "desk", "member"), body=Act, errors=(404, 409)),
    Endpoint("POST", "/photos", "takePhoto", "收一张照片（正文就是照片），给它一个名字，在推送或操作里写进 photos",
             photos.taken, PhotoTaken, ("source", "desk", "member"), photo=True),
    Endpoint("GET", "/changes", "changes", "上次以后发生了什么，按先后，不漏不重", changes.since, ChangesOut,
             query=ChangesQuery),
    Endpoint("GET", "/numbers", "numbers", "指标，写明分母，能查到每一单", numbers, NumbersOut, ("desk", "read"),
             query=NumbersQuery),
)  # fmt: skip


async def specification(request: web.Request) -> web.Response:
    """GET /api/v1/openapi.json, open to everybody."""
    body = orjson.dumps(openapi(ENDPOINTS, request.app[APP].settings.address))
    return web.Response(body=body, content_type="application/json", headers={"Cache-Control": "no-cache"})


def routes(app: App) -> list[web.RouteDef]:
    prepare(app.web)
    return [
        web.get(f"{BASE}/openapi.json", specification),
        *(web.route(endpoint.method, BASE + endpoint.path, handler(endpoint)) for endpoint in ENDPOINTS),
    ]
