"""Is it alive, is it ready, how much did it do: for machines, without a word of any person."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from bot.keys import APP
from bot.logs import where
from storage import queue

if TYPE_CHECKING:
    from bot.app import App

ASLEEP = 60.0  # seconds without a look at the outbox: the worker is stuck. What waits may wait rightly (quiet hours)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    words: str


def ready(app: App, asleep: float) -> list[Check]:
    """The checks of /readyz. Blocks; call in a thread. `asleep`: seconds since the outbox worker looked."""

    def database() -> str:
        app.db.check()
        return app.db.dialect

    def outbox() -> str:
        depth, oldest = queue.depth(app.db), queue.oldest(app.db)
        if asleep > ASLEEP:
            raise RuntimeError(f"{asleep:.0f} 秒没有取件")
        age = f"，最早的已等 {(app.clock() - oldest).total_seconds():.0f} 秒" if oldest else ""
        return f"等待 {depth['waiting']} 条{age}"

    def spool() -> str:
        return f"等待 {app.spool.count()} 条，出错 {app.spool.stuck_count()} 条"

    return [_check(name, work) for name, work in (("database", database), ("outbox", outbox), ("spool", spool))]


def _check(name: str, work: Callable[[], str]) -> Check:
    try:
        return Check(name, True, work())
    except RuntimeError as error:
        return Check(name, False, str(error))
    except Exception as error:  # noqa: BLE001 - whatever fails, the answer is "not ready", with the place
        return Check(name, False, where(error))


async def healthz(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def readyz(request: web.Request) -> web.Response:
    """200 or 503, with each check as JSON."""
    app = request.app[APP]
    checks = await asyncio.to_thread(ready, app, asyncio.get_running_loop().time() - app.outbox.looked)
    ok = all(check.ok for check in checks) and not app.topics.closed
    body = {"ready": ok, "checks": {check.name: {"ok": check.ok, "words": check.words} for check in checks}}
    return web.Response(body=orjson.dumps(body), status=200 if ok else 503, content_type="application/json")


async def metrics(request: web.Request) -> web.Response:
    """For whoever has the token; without one set, for this machine only (and never through a proxy)."""
    app = request.app[APP]
    token = app.settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(given.encode(), token.encode())
    else:
        allowed = _here(request.remote) and not {"X-Forwarded-For", "Forwarded", "X-Real-IP"} & set(request.headers)
    if not allowed:
        raise web.HTTPForbidden(text="metrics: set JUSHE_METRICS_TOKEN and send it as a bearer token\n")
    return web.Response(body=app.metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _here(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address((remote or "").partition("%")[0]).is_loopback
    except ValueError:
        return False


def routes() -> list[web.RouteDef]:
    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
