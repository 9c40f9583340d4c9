"""Photos by API: made small and clean like any other, then named in the act or the matter they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel, Field, StringConstraints

from bot import media
from bot.api.access import Caller
from bot.api.problems import Problem
from bot.images import PHOTO_BYTES, BadMedia
from handlers.types import Media
from storage import views

if TYPE_CHECKING:
    from bot.api.spec import Call
    from bot.app import App

TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp")
MOST = 6  # of one act
_SECONDS = 24 * 3600
Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,300}$")]
Refs = Annotated[tuple[Ref, ...], Field(max_length=MOST, description="POST /photos 给的 photo，最多6张")]


class PhotoTaken(BaseModel):
    """`photo` may be named once or more within a day, by the same token."""

    photo: str


class PhotoOut(BaseModel):
    """`of`: report or result. `url` works for twelve hours."""

    of: str
    url: str


async def take(app: App, request: web.Request) -> str:
    """The photo that is the body, stored clean; the file's name. Raises Problem 413, 415, 422."""
    if request.content_type not in TYPES:
        raise Problem(415, "not-a-photo", f"正文就是照片本身，Content-Type 用 {'、'.join(TYPES)}。")
    try:
        return await media.keep_photo(app, await request.read())
    except BadMedia as bad:
        if str(bad) == "too_big":
            raise Problem(413, "too-big", f"照片最多 {PHOTO_BYTES // 1024 // 1024} MB。") from None
        text = "像素太多，请缩小再发。" if str(bad) == "too_many_pixels" else "这不是一张看得懂的照片。"
        raise Problem(422, str(bad).replace("_", "-"), text) from None


def taken(call: Call) -> PhotoTaken:
    """`call.body`: the file's name."""
    return PhotoTaken(photo=str(_signer(call.app, call.caller).dumps(call.body)))


def named(app: App, caller: Caller, refs: tuple[str, ...]) -> tuple[Media, ...]:
    """The stored photos of these names. Raises Problem 422."""
    try:
        names = [str(_signer(app, caller).loads(ref, max_age=_SECONDS)) for ref in dict.fromkeys(refs)]
    except BadSignature:
        raise Problem(
            422, "invalid", "photos：请用 POST /photos 给这个令牌的 photo，一天内有效。",
            errors=[{"field": "photos", "reason": "不是这个令牌的照片，或已过期"}],
        ) from None  # fmt: skip
    return tuple(Media("photo", f"file:{name}") for name in names)


def shown(app: App, ticket: int) -> list[PhotoOut]:
    """The photos of a ticket under addresses that end. Blocks."""
    address = app.settings.address
    return [
        PhotoOut(of=of, url=f"{address}{media.link(app, name)}")
        for name, kind, of in views.ticket_media(app.db, ticket)
        if kind == "photo"
    ]


def _signer(app: App, caller: Caller) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.key, salt=f"api photo {caller.token.id}")
