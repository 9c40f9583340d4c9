"""A callback address: bytes in, the platform's answer out; what is said is the gateway's, who it is the front's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.channels.base import SendFailed
from bot.channels.tencent.envelope import Hostile, Key
from bot.channels.tencent.query import BODY_MOST
from bot.channels.tencent.render import passive, split, words
from bot.gateway import Late
from handlers.types import Inbound, Reply, Sender

_BODY_SECONDS = 3.0  # reliability.md §7.6
_LINE_SECONDS = 60.0  # a flood of refused requests is one line a minute and reason
_TAILS_MOST = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """One callback. `inbound` is None for what only needs `success`; `account` is the name a reply comes from."""

    inbound: Inbound | None
    user: str
    account: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A believed callback. `key`: what the reply must be sealed with, None when it goes plain."""

    message: Message
    nonce: str
    key: Key | None


class Receives(Protocol):
    """The gateway, as far as a channel knows it."""

    async def receive(self, inbound: Inbound) -> tuple[Reply, ...]: ...


class Front(Protocol):
    """Whether a callback is the platform's. Every method raises only Hostile."""

    def verify(self, query: Iterable[tuple[str, str]]) -> str: ...

    def accept(self, query: Iterable[tuple[str, str]], body: bytes) -> Accepted: ...

    def seal(self, xml: str, nonce: str, key: Key) -> str: ...


class Door:
    """`say(sender, text)` sends the rest of a reply that did not fit into the HTTP answer."""

    def __init__(
        self,
        name: str,
        front: Front,
        gateway: Receives,
        say: Callable[[Sender, str], Awaitable[None]],
        now: Callable[[], datetime],
        public_url: str,
    ) -> None:
        self._name = name
        self._front = front
        self._gateway = gateway
        self._say = say
        self._now = now
        self._public_url = public_url
        self._log = logging.getLogger(f"jushe.{name}")
        self._refusals = _Refusals(name, self._log)
        self._tails: dict[tuple[str, str], None] = {}

    def routes(self, path: str) -> list[web.RouteDef]:
        """GET and POST of the callback (wechat.md §1–4)."""
        return [web.get(path, self.verify, allow_head=False), web.post(path, self.take)]

    async def verify(self, request: web.Request) -> web.StreamResponse:
        try:
            return plain(self._front.verify(request.query.items()))
        except Hostile as error:
            return self._refused(error)

    async def take(self, request: web.Request) -> web.StreamResponse:
        try:
            accepted = self._front.accept(request.query.items(), await _body(request))
        except Hostile as error:
            return self._refused(error)
        inbound = accepted.message.inbound
        if inbound is None:
            return plain("success")
        try:
            replies = await self._gateway.receive(inbound)
        except Late:
            return plain("success")  # the gateway has arranged that the answer follows
        if inbound.event == "unfollow":
            return plain("success")  # nobody is there to read
        return await self.answer(request, accepted, inbound, replies)

    async def answer(
        self, request: web.Request, accepted: Accepted, inbound: Inbound, replies: tuple[Reply, ...]
    ) -> web.StreamResponse:
        first, *rest = split(words(replies, self._public_url)) or [""]
        if not first:
            return plain("success")
        message = accepted.message
        xml = passive(first, message.user, message.account, int(self._now().timestamp()))
        if accepted.key is not None:
            xml = self._front.seal(xml, accepted.nonce, accepted.key)
        response = web.Response(text=xml, content_type="application/xml", charset="utf-8")
        if rest and self.first_time(inbound):
            # The rest has to come after the first part, so the answer is finished before it is sent.
            await response.prepare(request)
            await response.write_eof()
            await self._tail(inbound.sender, "".join(rest))
        return response

    async def _tail(self, sender: Sender, text: str) -> None:
        try:
            await self._say(sender, text)
        except SendFailed as failure:
            self._log.warning("%s rest of a reply not sent code=%s", self._name, failure.code)

    def first_time(self, inbound: Inbound) -> bool:
        """Copies get the same answer, but what follows it is sent once."""
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
    """One line a minute and reason; never the query, an address or a text."""

    def __init__(self, name: str, log: logging.Logger) -> None:
        self._name = name
        self._log = log
        self._last: dict[str, float] = {}
        self._more: dict[str, int] = {}

    def note(self, reason: str, clock: float) -> None:
        last = self._last.get(reason)
        if last is not None and clock - last < _LINE_SECONDS:
            self._more[reason] = self._more.get(reason, 0) + 1
            return
        self._last[reason] = clock
        self._log.warning("%s callback refused reason=%s more=%d", self._name, reason, self._more.pop(reason, 0))


def plain(text: str) -> web.Response:
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
