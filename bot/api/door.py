"""The way of every API request: token, role, query and body checked by the endpoint's row, then its function."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.api import photos
from bot.api.access import Caller, caller
from bot.api.problems import Problem
from bot.api.spec import PATH_PARAMETERS, Call, Endpoint, takes_several
from bot.keys import APP
from storage.turns import Closed, QueueFull, Unreachable

_REASONS = {
    "missing": "缺这一项", "extra_forbidden": "没有这一项，请核对拼写", "string_too_long": "太长",
    "string_too_short": "不能空着", "string_pattern_mismatch": "写法不对", "literal_error": "不是可选的值",
    "enum": "不是可选的值", "datetime_parsing": "应是带时区的时间，如 2026-11-30T18:00:00+08:00",
    "timezone_aware": "时间要带时区，如 +08:00", "date_from_datetime_parsing": "应是日期，如 2026-11-01",
    "date_parsing": "应是日期，如 2026-11-01", "bool_parsing": "应是 true 或 false", "int_parsing": "应是整数",
    "model_attributes_type": "应是一个对象", "greater_than_equal": "太小", "less_than_equal": "太大",
    "less_than": "太大",
}  # fmt: skip


def handler(endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await _answer(endpoint, request)
        except Problem as problem:
            return problem.response()

    return answer


async def _answer(endpoint: Endpoint, request: web.Request) -> web.Response:
    app = request.app[APP]
    who = await caller(request, app)
    _allowed(endpoint, who)
    for name, value in request.match_info.items():
        if not re.fullmatch(PATH_PARAMETERS[name].strip("^$"), value, re.ASCII):
            raise Problem(404, "no-such-ticket", "没有这一单，或者不归您看。编号是12到16位数字。")
    query = _query(endpoint, request) if endpoint.query else None
    body: Any = await photos.take(app, request) if endpoint.photo else None
    if endpoint.body:
        body = await _body(endpoint.body, request)
    call = Call(app, who, dict(request.match_info), query, body)
    try:
        found = await asyncio.to_thread(endpoint.run, call)
    except (QueueFull, Closed, Unreachable):
        raise Problem(
            503, "busy", "现在太忙或数据库连不上，什么都没有改，请稍后再试。", headers={"Retry-After": "5"}
        ) from None
    return web.Response(
        body=orjson.dumps(found.model_dump(mode="json")), content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


def _allowed(endpoint: Endpoint, who: Caller) -> None:
    if who.role not in endpoint.roles:
        raise Problem(403, "wrong-role", f"这个令牌的角色是 {who.role}，这里要 {'、'.join(endpoint.roles)}。")


def _query(endpoint: Endpoint, request: web.Request) -> BaseModel:
    assert endpoint.query is not None
    given: dict[str, Any] = {}
    for name in request.query:
        values = request.query.getall(name)
        if takes_several(endpoint.query, name):
            given[name] = values
        elif len(values) > 1:
            raise _invalid([{"field": name[:64], "reason": "只能写一次"}])
        else:
            given[name] = values[0]
    return _checked(endpoint.query, given)


async def _body(model: type[BaseModel], request: web.Request) -> BaseModel:
    if request.content_type != "application/json":
        raise Problem(415, "not-json", "正文要用 JSON，并带上 Content-Type: application/json。")
    try:
        given = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise Problem(400, "bad-json", "正文不是正确的 JSON，请核对括号、引号和编码（UTF-8）。") from None
    if not isinstance(given, dict):
        raise _invalid([{"field": "正文", "reason": "应是一个对象"}])
    return _checked(model, given)


def _checked(model: type[BaseModel], given: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise _invalid(
            [
                {
                    "field": ".".join(str(part) for part in one["loc"])[:64] or "正文",
                    "reason": _REASONS.get(one["type"], "值不对"),
                }
                for one in found[:20]
            ]
        ) from None


def _invalid(errors: list[dict[str, str]]) -> Problem:
    first = errors[0]
    return Problem(422, "invalid", f"{first['field']}：{first['reason']}。", errors=errors)
