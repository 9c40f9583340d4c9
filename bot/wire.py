"""The shortest way for a platform's callbacks: plain POSTs are read here, everything else is aiohttp's.

A bare aiohttp handler costs 42 µs a request, this about 12 (docs/performance.md). Only requests of the one usual
form are taken; a connection with anything else is given to aiohttp as it came, before a byte of it was answered.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import cast

from bot.usual import HEAD_MOST, Pairs, usual
from nlp.quick import quick

KEEP_ALIVE = 15.0  # seconds an idle connection stays
PIECES = 2.0  # seconds a body may take to come whole; then aiohttp waits for it, with its own limits
BODY_MOST = 64 * 1024
_AHEAD_MOST = 2 * (HEAD_MOST + BODY_MOST)  # bytes kept of what comes before it is its turn
_LOOK = 1.0  # seconds between looks at idle connections

_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 413: "Request Entity Too Large"}


@quick
@dataclass(frozen=True, slots=True)
class Answer:
    """`last`: the connection ends with it, and what else it holds is not read."""

    body: bytes
    kind: str = "text/plain; charset=utf-8"
    status: int = 200
    last: bool = False


Answered = Callable[[Answer], None]
Post = Callable[[Pairs, bytes, Answered], None]


class Wires:
    """The open connections. Call it as a protocol factory; `posts`: path → what takes its requests.

    `other` makes aiohttp's protocol. More than `most` connections, its own and `others()`, are refused.
    """

    def __init__(
        self, other: Callable[[], asyncio.Protocol], posts: Mapping[str, Post], others: Callable[[], int], most: int
    ) -> None:
        self.other = other
        self.posts = posts
        self.open: set[Wire] = set()
        self.ending = False
        self._others = others
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._second, self._date = 0, ""
        self._out: deque[tuple[Wire, bytes, bool]] = deque()
        self._timer = self._loop.call_later(_LOOK, self._look)

    def __call__(self) -> asyncio.Protocol:
        return Wire(self)

    @property
    def full(self) -> bool:
        return len(self.open) + self._others() >= self._most

    def head(self, answer: Answer) -> bytes:
        now = int(time.time())
        if now != self._second:
            self._second, self._date = now, formatdate(now, usegmt=True)
        return (
            f"HTTP/1.1 {answer.status} {_REASONS[answer.status]}\r\nContent-Type: {answer.kind}\r\n"
            f"X-Content-Type-Options: nosniff\r\nServer: jushe\r\nDate: {self._date}\r\n"
            f"Content-Length: {len(answer.body)}\r\n{'Connection: close' if answer.last else ''}"
            f"{chr(13) + chr(10) if answer.last else ''}\r\n"
        ).encode()

    def later(self, wire: Wire, data: bytes, *, last: bool) -> None:
        """What is answered in one round of the loop is written one after the other: a third of a menu's cost less."""
        if not self._out:
            self._loop.call_soon(self._write)
        self._out.append((wire, data, last))

    def _write(self) -> None:
        try:
            while self._out:
                wire, data, last = self._out.popleft()
                wire.write(data, last=last)
        finally:
            if self._out:  # whatever one connection comes to, the others have their answers
                self._loop.call_soon(self._write)

    async def close(self, seconds: float) -> None:
        """End what is idle, let what is under way finish, at most `seconds`."""
        self._timer.cancel()
        self.ending = True
        until = self._loop.time() + seconds
        while self.open and self._loop.time() < until:
            for wire in tuple(self.open):
                wire.end_idle()
            await asyncio.sleep(0.02)
        for wire in tuple(self.open):
            wire.abort()

    def _look(self) -> None:
        now = self._loop.time()
        for wire in tuple(self.open):
            wire.look(now)
        self._timer = self._loop.call_later(_LOOK, self._look)


class Wire(asyncio.Protocol):
    """One connection, one request at a time; what comes meanwhile waits."""

    __slots__ = ("_buffer", "_busy", "_since", "_transport", "_wires")

    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._busy = False
        self._since = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)
        if self._wires.full:
            transport.abort()
            return
        self._transport = transport
        self._wires.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._wires.open.discard(self)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        if not self._busy:
            self._read(data)
            return
        self._buffer = data
        if len(data) > _AHEAD_MOST and self._transport is not None:
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """The other side does not read its answers: it must not send more either."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def end_idle(self) -> None:
        if self._transport is not None and not self._busy:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def look(self, now: float) -> None:
        """Called now and then: ends what is idle, hands over what comes in small pieces."""
        if self._busy:
            return
        if self._buffer and now - self._since > PIECES:
            self._hand_over(self._buffer)
        elif not self._buffer and now - self._since > KEEP_ALIVE:
            self.end_idle()

    def _read(self, data: bytes) -> None:
        request = usual(data)
        if request is None:
            self._hand_over(data)
            return
        path, query, start, end = request
        post = self._wires.posts.get(path)
        if post is None or end - start > BODY_MOST:
            self._hand_over(data)
            return
        if len(data) < end:
            if not self._buffer:
                self._since = time.monotonic()
            self._buffer = data
            return
        self._buffer = data[end:]
        self._busy = True
        post(query, data[start:end], self._answer)

    def _answer(self, answer: Answer) -> None:
        self._wires.later(self, self._wires.head(answer) + answer.body, last=answer.last)

    def write(self, data: bytes, *, last: bool) -> None:
        """An answer; then what came meanwhile is read."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(data)
        self._busy = False
        self._since = time.monotonic()
        if last or self._wires.ending:
            transport.close()
        elif self._buffer:
            data, self._buffer = self._buffer, b""
            transport.resume_reading()
            self._read(data)

    def _hand_over(self, data: bytes) -> None:
        """From here on the connection is aiohttp's."""
        transport, self._transport = self._transport, None
        self._wires.open.discard(self)
        if transport is None or transport.is_closing():
            return
        other = self._wires.other()
        transport.set_protocol(other)
        other.connection_made(transport)
        other.data_received(data)
