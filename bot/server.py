"""Runs the web application of a process and stops it in order, within ten seconds."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.app import App

log = structlog.get_logger("server")

KEEP_ALIVE = 15.0  # seconds an idle connection stays
IN_FLIGHT = 5.0  # seconds given to requests under way when stopping
BACKLOG = 512


async def listen(app: App, host: str, port: int) -> tuple[web.AppRunner, int]:
    """Start to accept; the runner and the port really used. Raises OSError when the port is taken."""

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
    site = web.TCPSite(runner, host, port, backlog=BACKLOG)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, int(runner.addresses[0][1])


async def serve(app: App, ready: Callable[[int], None]) -> None:
    """Until SIGTERM or SIGINT: accept, answer; then stop accepting, finish, close. `ready` gets the port."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        runner, port = await listen(app, app.settings.host, app.settings.port)
    except OSError:
        await app.stop()
        raise
    ready(port)
    _settle_memory()
    await stop.wait()
    log.info("stopping")
    await runner.cleanup()
    await app.stop()
    log.info("stopped")


def _settle_memory() -> None:
    """What was loaded at the start stays: the collector need not walk a whole city's register again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
