"""The web application: which pages there are, what every answer carries, what a request may cost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot import health, media
from bot.api.problems import problems
from bot.channels import webchat
from bot.console.lost import lost
from bot.logs import where
from bot.public.pages import IN_PAGE

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger("access")

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Path prefix → bytes and seconds a body may take. A half-sent body would else hold its connection for ever.
BODIES = (
    ("/webchat/", 9 * 1024 * 1024, 60.0),
    ("/api/v1/photos", 11 * 1024 * 1024, 60.0),
    ("/m/", 25 * 1024 * 1024, 60.0),  # photos of what was done
    ("/", 256 * 1024, 10.0),
)
UPLOADS = ("/console/", 25 * 1024 * 1024)  # files in a form of the console; read only after log-in and right
CALLBACKS = frozenset({"/wechat", "/wecom"})  # they bound their own bodies, more tightly
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


HTTPS: web.AppKey[bool] = web.AppKey("https", bool)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bound the body in size and time; a page's bug is logged without its data and becomes one clean 500."""
    try:
        response = await handler(await _bounded(request))
        return _in_page(response) if IN_PAGE in request.headers else response
    except web.HTTPSeeOther as other:
        if IN_PAGE not in request.headers:
            raise
        return _in_page(web.Response(status=other.status, headers={"Location": other.headers["Location"]}))
    except web.HTTPException:
        raise
    except ConnectionResetError:
        return web.Response()  # for nobody: who asked is gone, which is no fault to be logged
    except Exception as error:  # noqa: BLE001 - nothing of an error may reach the browser
        log.error("page_failed", error=where(error), path=_shape(request))
        return web.Response(status=500, text="对不起，出了点问题，请稍后再试。")


def _in_page(response: web.StreamResponse) -> web.StreamResponse:
    """forms.js goes there itself: what is said there is said once, and is not lost to its fetch."""
    if response.status == 303:
        response.set_status(200)
        response.headers["X-To"] = response.headers.pop("Location")
    return response


async def _bounded(request: web.Request) -> web.Request:
    if request.method in SAFE or not request.body_exists or request.path in CALLBACKS:
        return request
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType(text="请不要压缩正文。")
    size, seconds = next((size, seconds) for prefix, size, seconds in BODIES if request.path.startswith(prefix))
    form = request.content_type == "multipart/form-data"
    if form and request.path.startswith(UPLOADS[0]) and request.path != "/console/login":
        size = UPLOADS[1]
    request = request.clone(client_max_size=size)
    if form:
        return request  # read field by field by its page, which bounds the time: a body read twice is empty
    try:
        async with asyncio.timeout(seconds):
            await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="正文来得太慢。", headers={"Connection": "close"}) from None
    return request


async def _dress(request: web.Request, response: web.StreamResponse) -> None:
    """What every page carries; the platform's callback reads none of it."""
    response.headers["Server"] = "jushe"  # which version of what runs here is nobody's business
    if request.path in CALLBACKS:
        return
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.config_dict.get(HTTPS, False):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _shape(request: web.Request) -> str:
    """The route's pattern: a path or query may hold what identifies a person."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"


@web.middleware
async def access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The access log, when it is switched on: no query, no address, no path parameter."""
    start, status = time.monotonic(), 500
    try:
        response = await handler(request)
        status = response.status
        return response
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        milliseconds = round((time.monotonic() - start) * 1000, 1)
        log.info("request", method=request.method, path=_shape(request), status=status, ms=milliseconds)


def application(*, access_log: bool = False) -> web.Application:
    made = web.Application(
        middlewares=[*([access] if access_log else []), problems, lost, guard], client_max_size=256 * 1024
    )
    made.on_response_prepare.append(_dress)
    return made


def add_pages(app: App) -> None:
    """Every route of the process but those of platforms."""
    from bot.api.routes import routes as api
    from bot.console.routes import routes as console  # the pages import the App
    from bot.public.open311 import routes as open311
    from bot.public.routes import routes as public

    app.web[HTTPS] = app.settings.https
    for table in (
        health.routes(),
        media.routes(),
        webchat.routes(app),
        public(app),
        console(app),
        api(app),
        open311(app),
    ):
        app.web.add_routes(table)
