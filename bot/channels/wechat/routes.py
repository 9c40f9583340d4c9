"""The callback address: bytes in, the platform's answer out; what is said is the gateway's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Protocol

from aiohttp import web

from bot.channels.base import SendFailed
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.envelope import Hostile
from bot.channels.wechat.front import BODY_MOST, Accepted, Front
from bot.channels.wechat.render import passive, split, words
from bot.gateway import Late
from handlers.types import Inbound, Reply

log = logging.getLogger("jushe.wechat")
PATH = "/wechat"
_BODY_SECONDS = 3.0  # reliability.md §7.6
_LINE_SECONDS = 60.0  # a flood of refused requests is one line a minute and reason
_TAILS_MOST = 1000


class Receives(Protocol):
    """The gateway, as far as a channel knows it."""

    async def receive(self, inbound: Inbound) -> tuple[Reply, ...]: ...


def routes(channel: WeChat, gateway: Receives) -> list[web.RouteDef]:
    """GET and POST of the callback (wechat.md §1–4)."""
    door = _Door(channel, gateway)
    return [web.get(PATH, door.verify, allow_head=False), web.post(PATH, door.take)]


class _Door:
    def __init__(self, channel: WeChat, gateway: Receives) -> None:
        self._channel = channel
        self._gateway = gateway
        self._front = Front(channel.config, channel.now)
        self._refusals = _Refusals()
        self._tails: dict[tuple[str, str], None] = {}

    async def verify(self, request: web.Request) -> web.StreamResponse:
        try:
            return _plain(self._front.verify(request.query.items()))
        except Hostile as error:
            return self._refused(error)

    async def take(self, request: web.Request) -> web.StreamResponse:
        try:
            accepted = self._front.accept(request.query.items(), await _body(request))
        except Hostile as error:
            return self._refused(error)
        inbound = accepted.message.inbound
        if inbound is None:
            return _plain("success")
        try:
            replies = await self._gateway.receive(inbound)
        except Late:
            return _plain("success")  # the gateway has arranged that the answer follows
        if inbound.event == "unfollow":
            return _plain("success")  # nobody is there to read
        return await self._answer(request, accepted, inbound, replies)

    async def _answer(
        self, request: web.Request, accepted: Accepted, inbound: Inbound, replies: Iterable[Reply]
    ) -> web.StreamResponse:
        first, *rest = split(words(tuple(replies), self._channel.config.public_url)) or [""]
        if not first:
            return _plain("success")
        message = accepted.message
        xml = passive(first, message.user, message.account, int(self._channel.now().timestamp()))
        if accepted.key is not None:
            xml = self._front.seal(xml, accepted.nonce, accepted.key)
        response = web.Response(text=xml, content_type="application/xml", charset="utf-8")
        if rest and self._first_time(inbound):
            # The rest has to come after the first part, so the answer is finished before it is sent.
            await response.prepare(request)
            await response.write_eof()
            try:
                await self._channel.say(inbound.sender, "".join(rest))
            except SendFailed as failure:
                log.warning("wechat rest of a reply not sent code=%s", failure.code)
        return response

    def _first_time(self, inbound: Inbound) -> bool:
        """Copies get the same answer, but the rest is sent once."""
        pair = (inbound.sender.user, inbound.key)
        if pair in self._tails:
            return False
        self._tails[pair] = None
        if len(self._tails) > _TAILS_MOST:
            del self._tails[next(iter(self._tails))]
        return True

    def _refused(self, error: Hostile) -> web.Response:
        self._refusals.note(error.reason, time.monotonic())
        response = web.Response(status=error.status, text="refused", content_type="text/plain")
        response.force_close()  # what else this connection holds is not read
        return response


class _Refusals:
    """One line a minute and reason; never the query, an OpenID or a text."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._more: dict[str, int] = {}

    def note(self, reason: str, clock: float) -> None:
        last = self._last.get(reason)
        if last is not None and clock - last < _LINE_SECONDS:
            self._more[reason] = self._more.get(reason, 0) + 1
            return
        self._last[reason] = clock
        log.warning("wechat callback refused reason=%s more=%d", reason, self._more.pop(reason, 0))


def _plain(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})


async def _body(request: web.Request) -> bytes:
    """At most BODY_MOST bytes within 3 s. Raises Hostile."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Hostile(400, "content_encoding")  # a small gzip body can cost seconds (reliability.md §0.2)
    if (request.content_length or 0) > BODY_MOST:
        raise Hostile(413, "body_size")
    if request.content.is_eof():  # the whole body came with the head: no clock is needed
        whole = request.content.read_nowait(-1)
        if len(whole) > BODY_MOST:
            raise Hostile(413, "body_size")
        return bytes(whole)
    data = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.content.iter_any():
                data += piece
                if len(data) > BODY_MOST:
                    raise Hostile(413, "body_size")
    except TimeoutError as error:
        raise Hostile(400, "body_slow") from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise Hostile(400, "body_broken") from error
    return bytes(data)
