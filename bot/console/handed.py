"""Photos handed in with a form: made clean and kept; a file that is none is named by its place."""

from __future__ import annotations

from aiohttp import web

from bot import media
from bot.images import BadMedia
from bot.keys import APP
from handlers.types import Media

PHOTOS_MOST = 6


async def photos(request: web.Request) -> tuple[tuple[Media, ...], dict[str, str]]:
    """Those of the field `photos`, or what is wrong with it by field."""
    app, found = request.app[APP], []
    files = [f for f in (await request.post()).getall("photos", []) if isinstance(f, web.FileField) and f.filename]
    if len(files) > PHOTOS_MOST:
        return (), {"photos": f"一次最多{PHOTOS_MOST}张。"}
    for place, file in enumerate(files, 1):
        try:
            found.append(Media("photo", f"file:{await media.keep_photo(app, file.file.read())}"))
        except BadMedia:
            return (), {"photos": f"第{place}个文件不是照片，或者太大。请重新选。"}
    return tuple(found), {}
