"""Errors of the API: RFC 9457 problem documents, each with one clear sentence of what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

MEDIA_TYPE = "application/problem+json"
PATHS = ("/api/",)
TITLES: Mapping[int, str] = {
    400: "请求看不懂", 401: "没有令牌或令牌无效", 403: "没有权限", 404: "没有找到", 405: "这个地址不支持这种请求",
    408: "正文来得太慢", 409: "现在不能这样做", 413: "正文太大", 415: "正文格式不对", 422: "内容不对",
    429: "请求太多", 500: "程序出了问题", 503: "暂时不能处理",
}  # fmt: skip


class Problem(Exception):
    """`detail`: the sentence for the person. `code`: a short name that a program may test for."""

    def __init__(
        self, status: int, code: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> web.Response:
        body: dict[str, Any] = {
            "type": "about:blank", "title": TITLES.get(self.status, "出错"), "status": self.status,
            "code": self.code, "detail": self.detail,
        }  # fmt: skip
        if self.errors:
            body["errors"] = [dict(error) for error in self.errors]
        return web.Response(
            status=self.status, body=orjson.dumps(body), content_type=MEDIA_TYPE,
            headers={"Cache-Control": "no-store", **self.headers},
        )  # fmt: skip


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What the server itself refuses below /api/ (no such address, too large, too slow, a bug) looks the same."""
    if not request.path.startswith(PATHS):
        return await handler(request)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        if error.content_type == MEDIA_TYPE or error.status < 400:
            raise
        return _plain(error.status, {k: v for k, v in error.headers.items() if k in ("Allow", "Connection")})
    if response.status >= 500 and response.content_type != MEDIA_TYPE:
        return _plain(response.status, {})
    return response


def _plain(status: int, headers: Mapping[str, str]) -> web.Response:
    detail = {
        404: "没有这个地址。全部地址见 /api/v1/openapi.json。",
        405: "这个地址不支持这种请求方法，支持的见 Allow。",
        408: "正文没有在10秒内发完，请检查网络后再试。",
        413: "正文太大：照片最多 10 MB，其他最多 256 KB。",
        415: "正文请不要压缩，用 application/json。",
        500: "对不起，程序出了问题，已经记下。请过一会儿再试。",
    }.get(status, "请核对请求后再试。")
    return Problem(status, f"http-{status}", detail, headers=headers).response()
