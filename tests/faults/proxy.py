"""A line between the program and its PostgreSQL that can be cut, slowed down or made to swallow everything."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Literal

from sqlalchemy.engine import make_url

Mode = Literal["pass", "refuse", "hole", "slow", "reset"]
DELAY = 0.3


class Proxy:
    """Listens on a TCP port of this machine (0: a free one); `url` leads through it.

    Must be opened inside the loop that runs it.
    """

    def __init__(self, url: str, port: int = 0) -> None:
        self._at = make_url(url)
        self.mode: Mode = "pass"
        self.port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        through = self._at.set(host="127.0.0.1", port=self.port, query={})
        return through.render_as_string(hide_password=False)

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self.become("reset")
        if self._server:
            self._server.close()

    def become(self, mode: Mode) -> None:
        """From now on. `refuse` and `reset` end what is open; `reset` lets new connections through."""
        self.mode = mode
        self._changed.set()
        self._changed = asyncio.Event()
        if mode in ("refuse", "reset"):
            for writer in tuple(self._open):
                writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "refuse":
            writer.transport.abort()
            return
        try:
            there, back = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, back}
        try:
            with suppress(asyncio.CancelledError):  # the loop ends
                await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            self._open -= {writer, back}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._at.host or str(self._at.query.get("host", "")), self._at.port or 5432
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                while self.mode == "hole":
                    await self._changed.wait()
                if self.mode == "slow":
                    await asyncio.sleep(DELAY)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
