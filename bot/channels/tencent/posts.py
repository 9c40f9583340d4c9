"""POSTs to one server over connections that are kept; what is said and what it means is not here.

aiohttp's client costs some 200 µs a call, as much as all else that is done for a push (docs/performance.md).
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from typing import cast
from urllib.parse import urlsplit

from bot.channels.tencent.http import Answer, Broken, answer

KEEP = 15.0  # seconds an idle connection stays
MOST = 100  # connections at once; who comes later waits for one
_HEAD = (
    "POST {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: jushe\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
    "Content-Type: application/json; charset=utf-8\r\nContent-Length: "
)


class Unreached(Exception):
    """No connection: nothing was sent."""


class Posts:
    """`base`: http(s)://host[:port][/path]. `total`, `connect`: seconds a call and the way to a connection may take.

    `post` raises Unreached, TimeoutError or Broken; after the last two it may have arrived.
    """

    def __init__(
        self, base: str, *, total: float, connect: float, most: int, trust: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(base)
        secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if secure else 80)
        self._named = parts.netloc.rpartition("@")[2]
        self._prefix = parts.path.rstrip("/")
        self._tls = (trust or ssl.create_default_context()) if secure else None
        self._total, self._connect, self._most = total, connect, most
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(MOST)
        self._idle: deque[_Line] = deque()  # the one used last on the right
        self._sweep: asyncio.TimerHandle | None = None
        self._heads: dict[str, bytes] = {}

    async def post(self, target: str, body: bytes) -> Answer:
        """`target`: path and query, in ASCII and escaped."""
        until = self._loop.time() + self._total
        async with self._room:
            line = self._kept() or await self._opened()
            if self._loop.time() >= until:
                self._keep(line)
                raise Unreached
            try:
                said = await line.ask(self._head(target) + b"%d\r\n\r\n%b" % (len(body), body), until, self._most)
            except BaseException:
                line.close()
                raise
            if said.kept and line.open:
                self._keep(line)
            else:
                line.close()
            return said

    async def close(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()
        while self._idle:
            self._idle.pop().close()

    def _head(self, target: str) -> bytes:
        head = self._heads.get(target)
        if head is None:
            if len(self._heads) > 32:
                self._heads.clear()  # they change with the token only
            head = self._heads[target] = _HEAD.format(target=self._prefix + target, host=self._named).encode("ascii")
        return head

    def _kept(self) -> _Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.open and self._loop.time() - line.since < KEEP:
                return line
            line.close()
        return None

    async def _opened(self) -> _Line:
        try:
            async with asyncio.timeout(self._connect):
                _, line = await self._loop.create_connection(
                    lambda: _Line(self._loop), self._host, self._port, ssl=self._tls,
                    server_hostname=self._host if self._tls else None, happy_eyeballs_delay=0.25,
                )  # fmt: skip
        except (OSError, TimeoutError) as error:
            raise Unreached from error
        return line

    def _keep(self, line: _Line) -> None:
        line.since = self._loop.time()
        self._idle.append(line)
        if self._sweep is None:
            self._sweep = self._loop.call_later(KEEP, self._swept)

    def _swept(self) -> None:
        """The longest idle lie on the left."""
        old = self._loop.time() - KEEP
        while self._idle and (not self._idle[0].open or self._idle[0].since <= old):
            self._idle.popleft().close()
        self._sweep = self._loop.call_later(KEEP, self._swept) if self._idle else None


class _Line(asyncio.Protocol):
    """One connection, one question at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._data = b""
        self._most = 0
        self.since = 0.0

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, until: float, most: int) -> Answer:
        if self._transport is None:
            raise Broken
        self._data, self._most = b"", most
        waiting: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting = waiting
        timer = self._loop.call_at(until, self._late)
        self._transport.write(request)
        try:
            return await waiting
        finally:
            timer.cancel()
            self._waiting = None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None or self._waiting.done():  # nobody asked
            self.close()
            return
        self._data = self._data + data if self._data else data
        self._look(ended=False)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._look(ended=True, lost=exc is not None)

    def _look(self, *, ended: bool, lost: bool = False) -> None:
        waiting = self._waiting
        if waiting is None or waiting.done():
            return
        try:
            if lost:
                raise Broken
            said = answer(self._data, self._most, ended=ended)
        except Broken as error:
            waiting.set_exception(error)
        else:
            if said is not None:
                waiting.set_result(said)

    def _late(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(TimeoutError())
