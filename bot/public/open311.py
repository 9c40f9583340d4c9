"""Open311 GeoReport v2 in XML and JSON, with mySociety's extension for updates; the format's rules, not ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeSerializer

from bot.api.access import Caller, caller
from bot.api.problems import Problem
from bot.api.shown import moment
from bot.bucket import Buckets
from bot.keys import APP
from bot.public import open311_data as data
from bot.public import open311_take as take
from bot.public.open311_forms import Refused311, answer, error
from handlers.read import Ticket
from handlers.tickets.categories import CATEGORIES, DESK_ONLY
from storage import ticket_list, updates
from storage.looking import looking
from storage.ticket_list import Filter, Scope
from storage.turns import Closed, QueueFull, Unreachable

if TYPE_CHECKING:
    from bot.app import App

BASE = "/open311/v2"
MOST = 1000
SPAN = timedelta(days=90)  # the format's own default
CHANGESET = "2026-11-25T00:00:00Z"  # of services and definitions
paces: web.AppKey[Buckets] = web.AppKey("open311_paces", Buckets)

Params = Mapping[str, str]
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
    await _scope(request, request.query)
    return answer(form, "services", data.services())


async def definition(request: web.Request, form: str) -> web.Response:
    await _scope(request, request.query)
    code = request.match_info["code"]
    if code not in CATEGORIES or code in DESK_ONLY:
        raise Refused311(404, "没有这个 service_code，全部见 services。")
    return answer(form, "service_definition", data.definition(code))


async def requests(request: web.Request, form: str) -> web.Response:
    app, query = request.app[APP], request.query
    scope, who = await _scope(request, query), await _caller(request, query)
    codes = [code for code in query.get("service_request_id", "").split(",") if code]
    if len(codes) > MOST or not all(code.isascii() and code.isdigit() and len(code) <= 16 for code in codes):
        raise Refused311(400, "service_request_id 应是编号，几个用逗号分开。")
    wanted = query.get("status", "")
    if wanted not in ("", "open", "closed", "open,closed", "closed,open"):
        raise Refused311(400, "status 只能是 open 或 closed。")
    service = query.get("service_code", "")
    if service and service not in CATEGORIES:
        raise Refused311(404, "没有这个 service_code，全部见 services。")
    since, until = _span(query, app.clock())
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
    who = await _caller(request, request.query)
    ticket = await asyncio.to_thread(take.find, request.app[APP], request.match_info["code"])
    if ticket is None or not (_own(ticket, who) or data.may_show(ticket)):
        raise Refused311(404, "没有这个 service_request_id。")
    return answer(form, "service_requests", [data.request(ticket, own=_own(ticket, who))])


async def report(request: web.Request, form: str) -> web.Response:
    """POST requests: a matter comes in, as by the API."""
    app, given = request.app[APP], await _posted(request)
    who = await _key(request, given)
    await _scope(request, given)
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
    scope, who = await _scope(request, query), await _caller(request, query)
    since, until = _span(query, app.clock())

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
    app, given = request.app[APP], await _posted(request)
    who = await _key(request, given)
    found = await asyncio.to_thread(take.update, app, who, given)
    return answer(form, "service_request_updates", [{"update_id": found}])


def _own(ticket: Ticket, who: Caller | None) -> bool:
    return who is not None and who.role == "source" and ticket.reporter == who.person.id


async def _posted(request: web.Request) -> dict[str, str]:
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Refused311(400, "正文要用表单：application/x-www-form-urlencoded。")
    try:
        given = await request.post()
    except (ValueError, LookupError, AssertionError):
        raise Refused311(400, "表单看不懂，请核对编码（UTF-8）。") from None
    return {name: value for name, value in given.items() if isinstance(value, str)}


async def _caller(request: web.Request, given: Params) -> Caller | None:
    """Who asks, when a key came along; a wrong key is never taken for none."""
    key = given.get("api_key", "")
    return await caller(request, request.app[APP], key) if key else None


async def _key(request: web.Request, given: Params) -> Caller:
    found = await _caller(request, given)
    if found is None or found.role not in ("source", "desk"):
        raise Refused311(403, "要有 api_key，并且是可以推送的令牌。")
    return found


async def _scope(request: web.Request, given: Params) -> Scope:
    jurisdiction = given.get("jurisdiction_id", "")
    if not jurisdiction:
        return Scope()
    found = await asyncio.to_thread(take.community, request.app[APP], jurisdiction)
    if not found:
        raise Refused311(404, "没有这个 jurisdiction_id，它是12位社区编码。")
    return Scope(communities=(found,))


def _span(query: Params, now: datetime) -> tuple[datetime, datetime]:
    """From start_date to end_date; 90 days where one is not given."""
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
