"""Runs the web application of a process and stops it in order, within ten seconds."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.app import App
from bot.wire import KEEP_ALIVE, Wires

log = structlog.get_logger("server")

IN_FLIGHT = 5.0  # seconds given to requests under way when stopping
BACKLOG = 512


class Listening:
    """What accepts connections."""

    def __init__(self, server: asyncio.Server, wires: Wires, runner: web.AppRunner) -> None:
        self._server = server
        self._wires = wires
        self._runner = runner

    async def cleanup(self) -> None:
        """Accept no more, finish the requests under way, at most IN_FLIGHT seconds."""
        self._server.close()
        await asyncio.gather(self._wires.close(IN_FLIGHT), self._runner.cleanup())


async def listen(app: App, host: str, port: int) -> tuple[Listening, int]:
    """Start to accept; what ends it and the port really used. Raises OSError when the port is taken."""

    async def end_streams(_: web.Application) -> None:
        app.topics.close()  # an open stream would else hold the stop for its whole time-out

    app.web.on_shutdown.append(end_streams)
    runner = web.AppRunner(
        app.web,
        auto_decompress=False,  # one 1 MB gzip body froze the loop for seconds (reliability.md §0.2)
        keepalive_timeout=KEEP_ALIVE,
        shutdown_timeout=IN_FLIGHT,
        access_log=None,  # ours writes no query: bot.web.access
        handle_signals=False,
        max_line_size=8190,
        max_field_size=8190,
    )
    await runner.setup()
    pages = runner.server
    assert pages is not None
    posts = {} if app.settings.access_log else app.posts  # the access log is aiohttp's
    wires = Wires(pages, posts, lambda: len(pages.connections), app.settings.connections)
    try:
        server = await asyncio.get_running_loop().create_server(wires, host, port, backlog=BACKLOG)
    except OSError:
        await asyncio.gather(wires.close(0), runner.cleanup())
        raise
    return Listening(server, wires, runner), int(server.sockets[0].getsockname()[1])


async def serve(app: App, ready: Callable[[int], None]) -> None:
    """Until SIGTERM or SIGINT: accept, answer; then stop accepting, finish, close. `ready` gets the port."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        listening, port = await listen(app, app.settings.host, app.settings.port)
    except OSError:
        await app.stop()
        raise
    ready(port)
    _settle_memory()
    await stop.wait()
    log.info("stopping")
    await listening.cleanup()
    await app.stop()
    log.info("stopped")


def _settle_memory() -> None:
    """What was loaded at the start stays: the collector need not walk a whole city's register again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
