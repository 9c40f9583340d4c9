"""What the platform sends, as Inbound: every message and event type of wechat.md §5; not whether to believe it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.channels.tencent.door import Message
from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.xmlbody import Fields
from handlers.types import Inbound, Media, Pin, Sender

CHANNEL = "wechat"
_USER = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_TIME = re.compile(r"[0-9]{10}")
_NUMBER = re.compile(r"[0-9]{1,20}")  # 64 bits; kept as text, never a float (wechat.md §4)
_WORD = re.compile(r"[0-9A-Za-z_]{1,64}")
_MEDIA_ID = re.compile(r"[0-9A-Za-z_.+/=@-]{1,256}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,16})?")
_TEXT_MOST = 16_384
_EVENT_KEY_MOST = 1024
_KEY_MOST = 128  # the width of inbox.key
_QR_PREFIX = "qrscene_"


def read(fields: Fields, app_id: str) -> Message:
    """Raises Hostile(400) for a field that is missing, doubled, nested, too long or not of its form."""
    account = fields.one("ToUserName", 64, _USER)
    user = fields.one("FromUserName", 64, _USER)
    created = fields.one("CreateTime", 10, _TIME)
    kind = fields.one("MsgType", 64, _WORD).lower()
    at = datetime.fromtimestamp(int(created), UTC)
    envelope = _Envelope(Sender(CHANNEL, app_id, user), created, at)
    if kind == "event":
        inbound = _event(fields, envelope)
    elif kind in _MESSAGES:
        inbound = _MESSAGES[kind](fields, envelope, "m:" + fields.one("MsgId", 20, _NUMBER))
    else:
        inbound = None
    return Message(inbound, user, account)


@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: Sender
    created: str
    at: datetime


def _text(fields: Fields, env: _Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, text=fields.one("Content", _TEXT_MOST))


def _image(fields: Fields, env: _Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, media=(Media("photo", _ref(fields)),))


def _voice(fields: Fields, env: _Envelope, key: str) -> Inbound:
    words = fields.one("Recognition", _TEXT_MOST)  # empty since 2023 (wechat.md §5), used when it is there
    return Inbound(env.sender, key, env.at, text=words, media=(Media("voice", _ref(fields)),), spoken=bool(words))


def _video(fields: Fields, env: _Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, media=(Media("video", _ref(fields)),))


def _location(fields: Fields, env: _Envelope, key: str) -> Inbound:
    return Inbound(env.sender, key, env.at, pin=_pin(fields))


def _link(fields: Fields, env: _Envelope, key: str) -> Inbound:
    words = f"{fields.one('Title', 1024)} {fields.one('Url', 2048)}".strip()
    return Inbound(env.sender, key, env.at, text=words)


_MESSAGES: dict[str, Callable[[Fields, _Envelope, str], Inbound]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}


def _event(fields: Fields, env: _Envelope) -> Inbound | None:
    name = fields.one("Event", 64, _WORD).lower()
    subject = fields.one("EventKey", _EVENT_KEY_MOST)
    key = _event_key(env.created, name, subject)
    match name:
        case "subscribe":
            scene = subject.removeprefix(_QR_PREFIX) if subject.startswith(_QR_PREFIX) else ""
            return Inbound(env.sender, key, env.at, event="follow", event_key=scene)
        case "unsubscribe":
            return Inbound(env.sender, key, env.at, event="unfollow")
        case "scan":
            return Inbound(env.sender, key, env.at, event="scan", event_key=subject)
        case "scancode_waitmsg":
            scanned = fields.inside("ScanCodeInfo").one("ScanResult", _EVENT_KEY_MOST)
            return Inbound(
                env.sender, _event_key(env.created, name, scanned), env.at, event="scan", event_key=scanned
            )
        case "click":
            return Inbound(env.sender, key, env.at, event="menu", event_key=subject)
        case "location_select":
            return Inbound(env.sender, key, env.at, pin=_pin(fields.inside("SendLocationInfo")))
        case _:  # VIEW, LOCATION, pic_*, receipts and whatever comes next: answered success
            return None


def _event_key(created: str, name: str, subject: str) -> str:
    """Two events of one resident can share a second, so the key holds Event and EventKey too (wechat.md §4)."""
    key = f"e:{created}:{name}:{subject}"
    if len(key) <= _KEY_MOST:
        return key
    return f"e:{created}:#{hashlib.sha256(key.encode()).hexdigest()}"


def _ref(fields: Fields) -> str:
    return f"{CHANNEL}:{fields.one('MediaId', 256, _MEDIA_ID)}"


def _pin(fields: Fields) -> Pin:
    lat = float(fields.one("Location_X", 24, _DEGREES))
    lon = float(fields.one("Location_Y", 24, _DEGREES))
    if abs(lat) > 90 or abs(lon) > 180:
        raise Hostile(400, "field_degrees")
    label = fields.one("Label", 512) or fields.one("Poiname", 512)
    return Pin(lat, lon, label)
