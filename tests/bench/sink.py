"""A platform's API that takes everything at once: the cheapest answer there is, so that the sender is measured."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Self

_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: *(\d+)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
_DONE = b'{"errcode":0,"errmsg":"ok"}'
_TOKEN = b'{"access_token":"SINK","expires_in":7200}'
_TAKEN, _ISSUED = _HEAD % (len(_DONE), _DONE), _HEAD % (len(_TOKEN), _TOKEN)


class _Line(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        while (head := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < end:
                return
            token = b"/cgi-bin/stable_token" in self._buffer[: self._buffer.find(b"\r\n")]
            body, self._buffer = self._buffer[head + 4 : end], self._buffer[end:]
            if not token:
                self._sink.took(body)
            self._sink.answer(self._transport, _ISSUED if token else _TAKEN)


class Sink:
    """`async with Sink() as api:` then `api.url`; `taken` messages, `first` and `last` in seconds of perf_counter."""

    def __init__(self) -> None:
        self.taken = 0
        self.first = self.last = 0.0
        self.url = ""
        self._server: asyncio.Server | None = None

    def took(self, body: bytes) -> None:
        self.last = time.perf_counter()
        self.first = self.first or self.last
        self.taken += 1

    def answer(self, to: asyncio.Transport, words: bytes) -> None:
        to.write(words)

    def reset(self) -> None:
        self.taken, self.first, self.last = 0, 0.0, 0.0

    @property
    def rate(self) -> float:
        """Messages a second between the first and the last."""
        return (self.taken - 1) / (self.last - self.first) if self.taken > 1 else 0.0

    async def until(self, count: int, seconds: float) -> None:
        """Returns when so many were taken, or none for `seconds`."""
        while self.taken < count:
            before = self.taken
            await asyncio.sleep(min(seconds, 0.2))
            if self.taken == before and self.last and time.perf_counter() - self.last > seconds:
                return

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(lambda: _Line(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()
