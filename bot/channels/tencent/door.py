"""A callback address: bytes in, the platform's answer out; what is said is the gateway's, who it is the front's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from aiohttp import web

from bot.channels.tencent.envelope import Hostile, Key
from bot.channels.tencent.query import BODY_MOST
from bot.channels.tencent.render import cut, passive, words
from bot.usual import Pairs
from bot.wire import Answer, Answered
from handlers.types import Inbound, Reply
from nlp.quick import quick

_BODY_SECONDS = 3.0  # reliability.md §7.6
_LINE_SECONDS = 60.0  # a flood of refused requests is one line a minute and reason
_XML = "application/xml; charset=utf-8"
SUCCESS = Answer(b"success")


@quick
@dataclass(frozen=True, slots=True)
class Message:
    """One callback. `inbound` is None for what only needs `success`; `account` is the name a reply comes from."""

    inbound: Inbound | None
    user: str
    account: str


@quick
@dataclass(frozen=True, slots=True)
class Accepted:
    """A believed callback. `key`: what the reply must be sealed with, None when it goes plain."""

    message: Message
    nonce: str
    key: Key | None


class Takes(Protocol):
    """The gateway, as far as a channel knows it."""

    def take(self, inbound: Inbound, told: Callable[[tuple[Reply, ...] | None], None]) -> None: ...


class Front(Protocol):
    """Whether a callback is the platform's. Every method raises only Hostile."""

    def verify(self, query: Iterable[tuple[str, str]]) -> str: ...

    def accept(self, query: Iterable[tuple[str, str]], body: bytes) -> Accepted: ...

    def seal(self, xml: str, nonce: str, key: Key) -> str: ...


class Door:
    """Answers every request, also the hostile ones; by bot/wire.py, and by aiohttp what is not of the usual form."""

    def __init__(self, name: str, front: Front, gateway: Takes, now: Callable[[], datetime], public_url: str) -> None:
        self._front = front
        self._gateway = gateway
        self._now = now
        self._public_url = public_url
        self._refusals = _Refusals(name, logging.getLogger(f"jushe.{name}"))

    def routes(self, path: str) -> list[web.RouteDef]:
        """GET and POST of the callback (wechat.md §1–4)."""
        return [web.get(path, self.verify, allow_head=False), web.post(path, self.post)]

    def take(self, query: Pairs, body: bytes, answered: Answered) -> None:
        """`answered` is called once, at once or when the turn is done or late."""
        try:
            accepted = self._front.accept(query, body)
        except Hostile as error:
            answered(self._refused(error))
            return
        inbound = accepted.message.inbound
        if inbound is None:
            answered(SUCCESS)
        else:
            self._gateway.take(inbound, partial(self._told, accepted, inbound, answered))

    async def verify(self, request: web.Request) -> web.StreamResponse:
        try:
            return _response(Answer(self._front.verify(request.query.items()).encode()))
        except Hostile as error:
            return _response(self._refused(error))

    async def post(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await _body(request)
        except Hostile as error:
            return _response(self._refused(error))
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def answered(given: Answer) -> None:
            if not answer.done():  # who asked may have gone
                answer.set_result(given)

        self.take(list(request.query.items()), body, answered)
        return _response(await answer)

    def answer(self, accepted: Accepted, inbound: Inbound, replies: tuple[Reply, ...]) -> Answer:
        """What a message is answered; the rest of a long one is in the outbox by now."""
        said, _ = cut(words(replies, self._public_url))
        if not said:
            return SUCCESS
        message = accepted.message
        xml = passive(said, message.user, message.account, int(self._now().timestamp()))
        if accepted.key is not None:
            xml = self._front.seal(xml, accepted.nonce, accepted.key)
        return Answer(xml.encode(), _XML)

    def _told(
        self, accepted: Accepted, inbound: Inbound, answered: Answered, replies: tuple[Reply, ...] | None
    ) -> None:
        if replies is None or inbound.event == "unfollow":  # late: the answer follows; gone: nobody reads it
            answered(SUCCESS)
        else:
            answered(self.answer(accepted, inbound, replies))

    def _refused(self, error: Hostile) -> Answer:
        self._refusals.note(error.reason, time.monotonic())
        return Answer(b"refused", status=error.status, last=True)


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


def _response(answer: Answer) -> web.Response:
    response = web.Response(
        body=answer.body,
        status=answer.status,
        headers={"Content-Type": answer.kind, "X-Content-Type-Options": "nosniff"},
    )
    if answer.last:
        response.force_close()  # what else this connection holds is not read
    return response


async def _body(request: web.Request) -> bytes:
    """At most BODY_MOST bytes within 3 s. Raises Hostile."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Hostile(400, "content_encoding")  # a small gzip body can cost seconds (reliability.md §0.2)
    if (request.content_length or 0) > BODY_MOST:
        raise Hostile(413, "body_size")
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
