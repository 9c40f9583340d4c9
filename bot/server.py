"""Runs the web application of a process and stops it in order, within ten seconds."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.app import App
from bot.wire import KEEP_ALIVE, Wires

log = structlog.get_logger("server")

IN_FLIGHT = 5.0  # seconds given to requests under way when stopping
BACKLOG = 512


class CannotListen(OSError):
    """`str(error)` says why not at this address and port, and what to do."""


def may_listen(host: str, port: int) -> None:
    """Looked at before anything is opened or migrated. Raises CannotListen; 0 is any free port."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found if port else ():
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                probe.bind(address)
    except OSError as error:
        raise CannotListen(_why(error, host, port)) from None


def _why(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"这台机器没有地址 {host}，请改 JUSHE_HOST。"
    if error.errno == errno.EACCES:
        return f"没有权限用端口 {port}：1024 以下的请留给前面的代理，JUSHE_PORT 用 8080 这样的。"
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 正被别的程序用着：先停掉它，或用 JUSHE_PORT、--port 换一个。"
    return f"不能在 {host} 的端口 {port} 上接连接：{error.strerror}"


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
    """Start to accept; what ends it and the port really used. Raises CannotListen."""

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
    except OSError as error:
        await asyncio.gather(wires.close(0), runner.cleanup())
        raise CannotListen(_why(error, host, port)) from None
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
