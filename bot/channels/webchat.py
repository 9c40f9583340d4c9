"""The built-in web chat: messages in by POST, answers in the response, pushes as server-sent events."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web
from itsdangerous import BadSignature, URLSafeSerializer

from bot import links, media
from bot.channels.webchat_body import BadBody, Message, read
from bot.channels.webchat_told import Told
from bot.gateway import Late
from bot.images import BadMedia
from bot.keys import APP
from handlers.numerals import number_in
from handlers.types import Choice, Inbound, Media, Reply, Sender
from storage import identities, ids, queue
from storage.queue import Outgoing

if TYPE_CHECKING:
    from bot.app import App

HEARTBEAT = 15.0  # seconds; also how late a push sent by another process is seen
STREAMS = 1000  # open at once
_HISTORY_MS = 24 * 3600 * 1000  # pushes shown again to a page that was just opened
_AT_ONCE = 500
_OVERLAP_MS = 10_000  # a push with a lower id may become visible after one with a higher id
REFUSED = {  # why a file was not taken, by the code of BadMedia
    "too_big": "照片太大，请不要超过6兆。",
    "too_many_pixels": "照片尺寸太大，请缩小后再发。",
    "not_an_image": "这个文件不是照片。",
    "not_a_voice": "这段语音听不了，请再说一次。",
    "too_long": "语音太长，请分几段说。",
}


class WebChat:
    """A push is delivered when it stands in the outbox as sent: the page reads it from there."""

    name = "webchat"
    drops_repeats = True  # a row is shown once

    async def send(self, out: Outgoing) -> str:  # the outbox tells the page after marking it
        return "webchat"


def _signer(app: App) -> URLSafeSerializer:
    return URLSafeSerializer(app.key, salt="webchat")


def new_user(app: App) -> str:
    """A signed token for a resident who opens the web chat; it names nobody and cannot be made up."""
    return _signer(app).dumps(uuid.uuid4().hex)


def sender(app: App, user: str) -> Sender:
    """Who `user` stands for: a plain name in the demo, else a token of ours. Raises HTTPForbidden."""
    if app.demo and user.isascii() and user.replace("-", "").replace("_", "").isalnum() and len(user) <= 32:
        return Sender("webchat", "-", user)
    try:
        return Sender("webchat", "-", "w" + str(_signer(app).loads(user)))
    except BadSignature:
        raise web.HTTPForbidden(text="这个网页的聊天凭证无效，请重新打开聊天页。") from None


async def messages(request: web.Request) -> web.Response:
    """POST /webchat/messages. 400 says what is wrong with the body; 202: the answer follows as a push."""
    app = request.app[APP]
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="请用 application/json 发送。")
    try:
        message = read(await request.read())
        inbound = await _inbound(app, message)
    except BadBody as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    except BadMedia as error:
        raise web.HTTPBadRequest(text=REFUSED.get(str(error), "这个文件收不了。")) from None
    topic = f"webchat:{inbound.sender.user}"
    try:
        replies = await app.gateway.receive(inbound)
    except Late:
        return _json({"replies": [], "late": True}, 202)
    finally:
        app.topics.publish(topic)  # a stream opened before the first message learns who its person is
    return _json({"replies": [_reply(reply) for reply in replies]}, 200)


async def _inbound(app: App, message: Message) -> Inbound:
    who = sender(app, message.user)
    found: tuple[Media, ...] = ()
    if message.photo:
        found = (Media("photo", f"file:{await media.keep_photo(app, message.photo)}"),)
    elif message.voice:
        found = (Media("voice", f"file:{await media.keep_voice(app, message.voice)}"),)
    return Inbound(
        who, f"c:{message.id}", app.clock(), text=message.text, media=found, pin=message.pin,
        event=message.event, event_key=message.event_key,
    )  # fmt: skip


async def events(request: web.Request) -> web.StreamResponse:
    """GET /webchat/events?user=: pushes as they are sent; Last-Event-ID (an outbox id) replays what was missed.

    A push may come twice after a reconnection; its `id` says that it is the same.
    """
    app = request.app[APP]
    who = sender(app, request.query.get("user", ""))
    if app.topics.closed or app.topics.count >= STREAMS:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
    last = request.headers.get("Last-Event-ID", "")
    after = number_in(last) or _id_before(app, _HISTORY_MS)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    app.metrics.streams.inc()
    try:
        await response.write(b"retry: 1000\n\n")
        await _stream(app, who, after, response)
    except (ConnectionResetError, StopAsyncIteration):
        pass  # the page was closed, or the process stops
    finally:
        app.metrics.streams.dec()
    return response


async def _stream(app: App, who: Sender, after: int, response: web.StreamResponse) -> None:
    told = Told(after)
    with app.topics.subscribe(f"webchat:{who.user}") as changes:
        while True:
            person = await asyncio.to_thread(_person, app, who)  # anew each time: a claimed post changes it
            if person:
                changes.add(f"person:{person}")
                mark = told.after
                rows = await asyncio.to_thread(queue.waiting_for, app.db, person, mark, _AT_ONCE)
                for out in told.news(rows, _id_before(app, _OVERLAP_MS)):
                    await response.write(_event(app, out, mark))
                if told.after != mark:
                    await response.write(b"id: %d\n\n" % told.after)
            if await changes.next(HEARTBEAT) is None:
                await response.write(b": still here\n\n")


def _person(app: App, who: Sender) -> int:
    with app.db.reading() as conn:
        return identities.person_of(conn, who)


def _id_before(app: App, milliseconds: int) -> int:
    """The lowest id that could have been made `milliseconds` ago."""
    return max(0, int(app.clock().timestamp() * 1000) - milliseconds - ids.EPOCH_MS) << 22


def _event(app: App, out: Outgoing, mark: int) -> bytes:
    body = {
        "id": str(out.id), "text": out.text, "choices": _choices(out.choices), "kind": out.kind,
        "photos": _files(app, out, "photo"), "voices": _files(app, out, "voice"), "at": out.created.isoformat(),
        "link": links.of_push(app, out).removeprefix(app.settings.address),
    }  # fmt: skip
    return b"id: %d\nevent: push\ndata: %s\n\n" % (mark, orjson.dumps(body))


def _files(app: App, out: Outgoing, kind: str) -> list[str]:
    """Addresses of what is stored here; what its platform still has is not."""
    return [
        media.link(app, item.ref.removeprefix("file:"))
        for item in out.media
        if item.kind == kind and item.ref.startswith("file:")
    ]


def _reply(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, "choices": _choices(reply.choices), "link": reply.link}


def _choices(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
    return [{"label": choice.label, "say": choice.means} for choice in choices]


def _json(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def routes(app: App) -> list[web.RouteDef]:
    """No routes where the web chat is off."""
    if "webchat" not in app.channels:
        return []
    return [web.post("/webchat/messages", messages), web.get("/webchat/events", events)]
