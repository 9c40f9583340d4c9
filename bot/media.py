"""Brings photos and voices in and shows them again, to staff or by a signed link that ends."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.channels.base import SendFailed
from bot.images import BadMedia, clean_photo, forget, keep, looks, older, place, voice_ending
from bot.keys import APP
from bot.logs import where
from bot.voices import playable
from storage import media, photo_marks

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger("media")

LINK_SECONDS = 12 * 3600
ATTEMPTS = 6  # then the file counts as lost; the words of the report were never in danger
UNUSED = timedelta(days=2)  # longer than any talk in which a photo waits for its report
BACK_OFF = (10, 60, 300, 1800, 7200)  # seconds
_NAME = re.compile(r"[0-9a-f]{64}\.(jpg|amr|mp3|speex)")
_TYPES = {"jpg": "image/jpeg", "amr": "audio/amr", "mp3": "audio/mpeg", "speex": "audio/speex"}


async def keep_photo(app: App, data: bytes) -> str:
    """Clean and store a photo; its file name. Raises BadMedia."""
    async with app.decoding:
        clean = await asyncio.to_thread(clean_photo, data)
    name = await asyncio.to_thread(keep, app.media_folder, clean, "jpg")
    await asyncio.to_thread(photo_marks.add, app.db, name, looks(clean))
    return name


async def keep_voice(app: App, data: bytes, content_type: str = "") -> str:
    """Store a voice as every browser plays it; its file name. What the platform gave as a voice and nobody here can
    read is kept as it came: somebody may have a player for it. Raises BadMedia.
    """
    try:
        async with app.decoding:
            data, ending = await playable(data), "mp3"
    except BadMedia as error:
        if str(error) != "not_a_voice":
            raise
        ending = voice_ending(content_type)
    return await asyncio.to_thread(keep, app.media_folder, data, ending)


async def fetch(app: App, now: datetime, limit: int = 20) -> int:
    """Fetch what residents sent through a platform; how many files were stored."""
    stored = 0
    for row in await asyncio.to_thread(media.wanted, app.db, now, limit):
        name, _, ref = row.ref.partition(":")
        source = app.media_sources.get(name)
        try:
            if source is None:
                raise BadMedia("no_source")
            data, content_type = await source.fetch_media(ref)
            if row.kind == "photo":
                file = await keep_photo(app, data)
            else:
                file = await keep_voice(app, data, content_type)
        except BadMedia as error:
            log.warning("media_refused", media=row.id, code=str(error))
            await asyncio.to_thread(media.lost, app.db, row.id)
        except (SendFailed, OSError, TimeoutError) as error:
            code = error.code if isinstance(error, SendFailed) else where(error)
            final = isinstance(error, SendFailed) and not error.retry
            log.warning("media_failed", media=row.id, code=code, attempts=row.attempts)
            if final or row.attempts + 1 >= ATTEMPTS:
                await asyncio.to_thread(media.lost, app.db, row.id)
            else:
                wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
                await asyncio.to_thread(media.later, app.db, row.id, now + timedelta(seconds=wait))
        else:
            if await asyncio.to_thread(media.stored, app.db, row.id, file):
                stored += 1
            else:  # erased while it was fetched
                await asyncio.to_thread(_forget, app, [file])
    if stored:
        app.topics.publish("board")
    return stored


def forget_erased(app: App) -> int:
    """Take the photos of erased people off the disk; how many files. Blocks."""
    gone = media.erased(app.db)
    count = _forget(app, [file for _, file in gone])
    for row, _ in gone:
        media.removed(app.db, row)
    return count


def forget_unused(app: App, now: datetime) -> int:
    """Take away photos that were sent but never became part of a ticket; how many. Blocks."""
    return sum(_forget(app, names) for names in older(app.media_folder, (now - UNUSED).timestamp()))


def _forget(app: App, files: list[str]) -> int:
    return forget(app.media_folder, set(files) - media.in_use(app.db, files))


def _signer(app: App) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.key, salt="media")


def link(app: App, name: str) -> str:
    """A path under which whoever holds it may see the file for twelve hours."""
    return f"/media/{name}?t={_signer(app).dumps(name)}"


async def show(request: web.Request) -> web.StreamResponse:
    """GET /media/<name>: the file, for signed-in staff or with a valid signature; else 404, never a hint."""
    app = request.app[APP]
    name = request.match_info["name"]
    if not _NAME.fullmatch(name) or not (
        _signed(app, name, request.query.get("t", "")) or await _staff(app, request)
    ):
        raise web.HTTPNotFound
    path = place(app.media_folder, name)
    if not await asyncio.to_thread(path.is_file):
        raise web.HTTPNotFound
    headers = {
        "Content-Type": _TYPES[name.rpartition(".")[2]],
        "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.FileResponse(path, headers=headers)


def _signed(app: App, name: str, token: str) -> bool:
    try:
        return bool(_signer(app).loads(token, max_age=LINK_SECONDS) == name)
    except BadSignature:
        return False


async def _staff(app: App, request: web.Request) -> bool:
    return app.staff_of is not None and await app.staff_of(request) is not None


def routes() -> list[web.RouteDef]:
    return [web.get("/media/{name}", show)]
