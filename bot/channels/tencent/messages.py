"""The kinds of message that Official Accounts and WeCom share, as Inbound (wechat.md §5); no event of either."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.xmlbody import Fields
from handlers.types import Inbound, Media, Pin, Sender

USER = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
WORD = re.compile(r"[0-9A-Za-z_]{1,64}")
EVENT_KEY_MOST = 1024
_TIME = re.compile(r"[0-9]{10}")
_NUMBER = re.compile(r"[0-9]{1,20}")  # 64 bits; kept as text, never a float (wechat.md §4)
_MEDIA_ID = re.compile(r"[0-9A-Za-z_.+/=@-]{1,240}")  # media.ref is 256 wide
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,16})?")
_TEXT_MOST = 16_384
_KEY_MOST = 128  # the width of inbox.key


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent it when. `created`: the platform's CreateTime, 10 digits; `kind`: MsgType in lower case."""

    sender: Sender
    created: str
    kind: str
    at: datetime


def envelope(fields: Fields, sender: Sender) -> Envelope:
    """Raises Hostile(400) for a field that is missing or not of its form."""
    created = fields.one("CreateTime", 10, _TIME)
    kind = fields.one("MsgType", 64, WORD).lower()
    return Envelope(sender, created, kind, datetime.fromtimestamp(int(created), UTC))


def message(fields: Fields, env: Envelope) -> Inbound | None:
    """None for a kind that nobody here reads. Raises Hostile(400) for a field not of its form."""
    read = _KINDS.get(env.kind)
    return read(fields, env, "m:" + fields.one("MsgId", 20, _NUMBER)) if read else None


def pin(fields: Fields) -> Pin:
    """Raises Hostile(400) for degrees that are not on the globe."""
    lat = float(fields.one("Location_X", 24, _DEGREES))
    lon = float(fields.one("Location_Y", 24, _DEGREES))
    if abs(lat) > 90 or abs(lon) > 180:
        raise Hostile(400, "field_degrees")
    label = fields.one("Label", 512) or fields.one("Poiname", 512)
    return Pin(lat, lon, label)


def short(key: str, prefix: str) -> str:
    """The key, or `prefix` and its digest where it is too long for the inbox."""
    return key if len(key) <= _KEY_MOST else prefix + hashlib.sha256(key.encode()).hexdigest()


def event_key(env: Envelope, name: str, subject: str) -> str:
    """Two events of one resident can share a second, so the key holds Event and EventKey too (wechat.md §4)."""
    return short(f"e:{env.created}:{name}:{subject}", f"e:{env.created}:#")


def _text(fields: Fields, env: Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, text=fields.one("Content", _TEXT_MOST))


def _image(fields: Fields, env: Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, media=(Media("photo", _ref(fields, env)),))


def _voice(fields: Fields, env: Envelope, key: str) -> Inbound:
    words = fields.one("Recognition", _TEXT_MOST)  # empty since 2023 (wechat.md §5), used when it is there
    return Inbound(
        env.sender, key, env.at, text=words, media=(Media("voice", _ref(fields, env)),), spoken=bool(words)
    )


def _video(fields: Fields, env: Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, media=(Media("video", _ref(fields, env)),))


def _location(fields: Fields, env: Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, pin=pin(fields))


def _link(fields: Fields, env: Envelope, key: str) -> Inbound:
    words = f"{fields.one('Title', 1024)} {fields.one('Url', 2048)}".strip()
    return Inbound(env.sender, key, env.at, text=words)


_KINDS: dict[str, Callable[[Fields, Envelope, str], Inbound]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}


def _ref(fields: Fields, env: Envelope) -> str:
    return f"{env.sender.channel}:{fields.one('MediaId', 240, _MEDIA_ID)}"
