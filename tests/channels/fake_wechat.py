"""The platform's API as a real HTTP server that does what a test tells it; no network beyond this machine."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

CUSTOM = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/bizsend"
TOKEN = "/cgi-bin/stable_token"
MEDIA_GET = "/cgi-bin/media/get"
MEDIA_UPLOAD = "/cgi-bin/media/upload"
QRCODE = "/cgi-bin/qrcode/create"
MENU = "/cgi-bin/menu/create"


@dataclass(frozen=True)
class Call:
    path: str
    query: dict[str, str]
    raw: bytes
    body: Any  # the JSON, None when there is none


@dataclass(frozen=True)
class Slow:
    """Waits, then answers as usual: the message was taken all the same."""

    seconds: float


@dataclass(frozen=True)
class Raw:
    """An answer that is not the platform's JSON."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200


class Reset:
    """Takes the message, then drops the connection."""


class FakeWeChat:
    """`async with FakeWeChat() as api:` then `api.url`.

    `script(path, *answers)` sets what the next calls of a path get: an errcode, a dict, Slow, Raw or Reset;
    afterwards it succeeds. `expire_token()` makes the token in use invalid; with `stuck` the platform goes on
    handing out the invalid one until it is forced. `sent` are the texts taken: (OpenID, words).
    """

    token_path = TOKEN

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[tuple[str, str]] = []
        self.media: dict[str, tuple[bytes, str]] = {}
        self.menu: Any = None
        self.secret = "s" * 32
        self.stuck = False
        self.valid = True
        self.url = ""
        self._scripts: dict[str, deque[Any]] = defaultdict(deque)
        self._serial = 1
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def token(self) -> str:
        return f"TOKEN-{self._serial}"

    def script(self, path: str, *answers: Any) -> None:
        self._scripts[path].extend(answers)

    async def until_sent(self, count: int) -> None:
        """Returns when so many texts were taken; TimeoutError after 5 s."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.sent) >= count)

    def clear(self, path: str) -> None:
        self._scripts[path].clear()

    def expire_token(self, *, stuck: bool = False) -> None:
        self.valid, self.stuck = False, stuck

    def to(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = await request.json() if request.content_type == "application/json" and raw else None
        path = request.path
        self.calls.append(Call(path, dict(request.query), raw, body))
        script = self._scripts[path]
        told = script.popleft() if script else None
        match told:
            case Slow(seconds):
                await asyncio.sleep(seconds)
            case Raw():
                return web.Response(body=told.body, content_type=told.content_type, status=told.status)
            case Reset():
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case int():
                return web.json_response({"errcode": told, "errmsg": "told so rid: 6a1f-00-7b"})
            case dict():
                return web.json_response(told)
        if path == self.token_path:
            return self._issue(request, body)
        if request.query.get("access_token") != self.token or not self.valid:
            return web.json_response({"errcode": 42001, "errmsg": "access_token expired rid: 6a1f-00-7c"})
        answer = self._done(path, request, body)
        async with self._news:
            self._news.notify_all()
        return answer

    def _issue(self, request: web.Request, body: Any) -> web.Response:
        if body["secret"] != self.secret:
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret rid: 6a1f-00-7d"})
        if (not self.valid and not self.stuck) or body["force_refresh"]:
            self._serial += 1
            self.valid, self.stuck = True, False
        return web.json_response({"access_token": self.token, "expires_in": 7200})

    def _done(self, path: str, request: web.Request, body: Any) -> web.Response:
        match path:
            case "/cgi-bin/message/custom/send":
                self.sent.append((body["touser"], body["text"]["content"]))
            case "/cgi-bin/media/get":
                data, kind = self.media.get(request.query["media_id"], (b"", ""))
                if not kind:
                    return web.json_response({"errcode": 40007, "errmsg": "invalid media_id"})
                return web.Response(body=data, content_type=kind)
            case "/cgi-bin/media/upload":
                return web.json_response(
                    {"type": request.query["type"], "media_id": "MEDIA-1", "created_at": 1780275600}
                )
            case "/cgi-bin/qrcode/create":
                return web.json_response({"ticket": "gQH47z+/==", "url": "http://weixin.qq.com/q/kZgfwMTm72"})
            case "/cgi-bin/menu/create":
                self.menu = body
        return web.json_response({"errcode": 0, "errmsg": "ok"})
