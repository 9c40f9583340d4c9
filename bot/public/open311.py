"""Open311 GeoReport v2 in XML and JSON, with mySociety's extension for updates; the format's rules, not ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeSerializer

from bot.api.access import Caller
from bot.api.problems import Problem
from bot.api.shown import moment
from bot.bucket import Buckets
from bot.keys import APP
from bot.public import open311_asking as asking
from bot.public import open311_data as data
from bot.public import open311_take as take
from bot.public.open311_forms import Refused311, answer, error
from handlers.read import Ticket
from handlers.tickets.categories import CATEGORIES, DESK_ONLY
from storage import ticket_list, updates
from storage.looking import looking
from storage.ticket_list import Filter
from storage.turns import Closed, QueueFull, Unreachable

if TYPE_CHECKING:
    from bot.app import App

BASE = "/open311/v2"
MOST = 1000
CHANGESET = "2026-11-25T00:00:00Z"  # of services and definitions
paces: web.AppKey[Buckets] = web.AppKey("open311_paces", Buckets)

Work = Callable[[web.Request, str], Awaitable[web.Response]]


def _door(work: Work) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Every refusal in the format asked for; one address may not ask without end."""

    async def handler(request: web.Request) -> web.Response:
        form = request.match_info["format"]
        try:
            if request.app[paces].take(request.remote or "", time.monotonic(), 0.0) > 0:
                raise Refused311(429, "请求太多，请稍后再试。")
            return await work(request, form)
        except Refused311 as refused:
            return error(form, refused)
        except Problem as problem:
            status = 403 if problem.status == 401 else 400 if problem.status == 422 else problem.status
            return error(form, Refused311(status, problem.detail))
        except (QueueFull, Closed, Unreachable):
            return error(form, Refused311(503, "现在太忙或数据库连不上，什么都没有改，请稍后再试。"))

    return handler


async def discovery(request: web.Request, form: str) -> web.Response:
    address = request.app[APP].settings.address
    found = {
        "changeset": CHANGESET, "contact": "请联系社区办公室",
        "key_service": "令牌由社区管理员用 jushe token add 生成",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{address}{BASE}",
                "changeset": CHANGESET, "type": "production", "formats": ["text/xml", "application/json"],
            }
        ],
    }  # fmt: skip
    return answer(form, "discovery", found)


async def services(request: web.Request, form: str) -> web.Response:
    await asking.scope(request, request.query)
    return answer(form, "services", data.services())


async def definition(request: web.Request, form: str) -> web.Response:
    await asking.scope(request, request.query)
    code = request.match_info["code"]
    if code not in CATEGORIES or code in DESK_ONLY:
        raise Refused311(404, "没有这个 service_code，全部见 services。")
    return answer(form, "service_definition", data.definition(code))


async def requests(request: web.Request, form: str) -> web.Response:
    app, query = request.app[APP], request.query
    scope, who = await asking.scope(request, query), await asking.sender(request, query)
    codes = [code for code in query.get("service_request_id", "").split(",") if code]
    if len(codes) > MOST or not all(code.isascii() and code.isdigit() and len(code) <= 16 for code in codes):
        raise Refused311(400, "service_request_id 应是编号，几个用逗号分开。")
    wanted = query.get("status", "")
    if wanted not in ("", "open", "closed", "open,closed", "closed,open"):
        raise Refused311(400, "status 只能是 open 或 closed。")
    service = query.get("service_code", "")
    if service and service not in CATEGORIES:
        raise Refused311(404, "没有这个 service_code，全部见 services。")
    since, until = asking.span(query, app.clock())
    rules = Filter(category=service) if codes else Filter(category=service, since=since, until=until)

    def found() -> list[Ticket]:
        with looking(app.db, app.clock()) as read:
            if codes:
                several = [ticket for code in codes for ticket in read.tickets_numbered(code) if ticket.code == code]
                return [t for t in several if scope.communities is None or t.community in scope.communities]
            with app.db.reading() as conn:
                ids = ticket_list.page(conn, scope, rules, 0, MOST)
            return list(read.tickets(ids))

    shown = [t for t in await asyncio.to_thread(found) if _own(t, who) or data.may_show(t)]
    rows = [data.request(ticket, own=_own(ticket, who)) for ticket in shown]
    if wanted in ("open", "closed"):
        rows = [row for row in rows if row["status"] == wanted]
    return answer(form, "service_requests", rows)


async def one(request: web.Request, form: str) -> web.Response:
    who = await asking.sender(request, request.query)
    ticket = await asyncio.to_thread(take.find, request.app[APP], request.match_info["code"])
    if ticket is None or not (_own(ticket, who) or data.may_show(ticket)):
        raise Refused311(404, "没有这个 service_request_id。")
    return answer(form, "service_requests", [data.request(ticket, own=_own(ticket, who))])


async def report(request: web.Request, form: str) -> web.Response:
    """POST requests: a matter comes in, as by the API."""
    app, given = request.app[APP], await asking.posted(request)
    who = await asking.key(request, given)
    await asking.scope(request, given)
    code = await asyncio.to_thread(take.report, app, who, given)
    row = {"service_request_id": code, "token": _signer(app).dumps(code), "service_notice": "", "account_id": ""}
    return answer(form, "service_requests", [row])


async def token(request: web.Request, form: str) -> web.Response:
    try:
        code = _signer(request.app[APP]).loads(request.match_info["token"])
    except BadSignature:
        raise Refused311(404, "没有这个 token。") from None
    found = {"service_request_id": code, "token": request.match_info["token"]}
    return answer(form, "service_requests", [found])


async def list_updates(request: web.Request, form: str) -> web.Response:
    """GET servicerequestupdates (mySociety): what happened in a span of time."""
    app, query = request.app[APP], request.query
    scope, who = await asking.scope(request, query), await asking.sender(request, query)
    since, until = asking.span(query, app.clock())

    def found() -> list[dict[str, Any]]:
        happened = updates.between(app.db, since, until, list(data.SAID), MOST)
        with looking(app.db, app.clock()) as read:
            tickets = {t.id: t for t in read.tickets(list({one.ticket for one in happened}))}
        rows: list[dict[str, Any]] = []
        for one in happened:
            ticket = tickets.get(one.ticket)
            ours = ticket is not None and (scope.communities is None or ticket.community in scope.communities)
            if ticket is None or not ours or not (_own(ticket, who) or data.may_show(ticket)):
                continue
            words = f"：{one.words}" if one.words and _own(ticket, who) and one.kind in take.WORDS_TOLD else ""
            rows.append(
                {
                    "update_id": str(one.id), "service_request_id": ticket.code,
                    "status": "closed" if one.kind in data.CLOSING else "open",
                    "updated_datetime": moment(one.at), "description": data.SAID[one.kind] + words,
                    "media_url": "",
                }
            )  # fmt: skip
        return rows

    return answer(form, "service_request_updates", await asyncio.to_thread(found))


async def post_update(request: web.Request, form: str) -> web.Response:
    """POST servicerequestupdates (mySociety): the reporter's word, from the program that reported for them."""
    app, given = request.app[APP], await asking.posted(request)
    who = await asking.key(request, given)
    found = await asyncio.to_thread(take.update, app, who, given)
    return answer(form, "service_request_updates", [{"update_id": found}])


def _own(ticket: Ticket, who: Caller | None) -> bool:
    return who is not None and who.role == "source" and ticket.reporter == who.person.id


def _signer(app: App) -> URLSafeSerializer:
    return URLSafeSerializer(app.key, salt="open311-token")


def routes(app: App) -> list[web.RouteDef]:
    app.web[paces] = Buckets(rate=5, burst=120)
    form = "{format:(?:json|xml)}"
    return [
        web.get(f"/open311/discovery.{form}", _door(discovery)),
        web.get(f"{BASE}/discovery.{form}", _door(discovery)),
        web.get(f"{BASE}/services.{form}", _door(services)),
        web.get(f"{BASE}/services/{{code}}.{form}", _door(definition)),
        web.get(f"{BASE}/requests.{form}", _door(requests)),
        web.post(f"{BASE}/requests.{form}", _door(report)),
        web.get(f"{BASE}/requests/{{code}}.{form}", _door(one)),
        web.get(f"{BASE}/tokens/{{token}}.{form}", _door(token)),
        web.get(f"{BASE}/servicerequestupdates.{form}", _door(list_updates)),
        web.post(f"{BASE}/servicerequestupdates.{form}", _door(post_update)),
    ]
