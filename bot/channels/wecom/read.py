"""What WeCom sends, as Inbound: messages, events, clicks on cards (wechat.md §5, §11); not whether to believe it."""

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

CHANNEL = "wecom"
_USER = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_TIME = re.compile(r"[0-9]{10}")
_NUMBER = re.compile(r"[0-9]{1,20}")  # 64 bits; kept as text, never a float
_AGENT = re.compile(r"[0-9]{0,18}")
_WORD = re.compile(r"[0-9A-Za-z_]{1,64}")
_MEDIA_ID = re.compile(r"[0-9A-Za-z_.+/=@-]{1,240}")  # media.ref is 256 wide
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,16})?")
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_RESPONSE = re.compile(r"[0-9A-Za-z_.+/=@:-]{0,512}")
_TEXT_MOST = 16_384
_EVENT_KEY_MOST = 1024
_KEY_MOST = 128  # the width of inbox.key


@dataclass(frozen=True, slots=True)
class Click:
    """A tap on a card's button. `code` lets the card be changed once, within 72 hours."""

    task: str
    code: str


@dataclass(frozen=True, slots=True)
class CardMessage(Message):
    click: Click


def read(fields: Fields, corp_id: str, agent_id: int) -> Message:
    """Raises Hostile for a field that is missing, doubled, nested, too long, not of its form, or another's."""
    account = fields.one("ToUserName", 64, _USER)
    if account != corp_id:
        raise Hostile(403, "corp_id")
    agent = fields.one("AgentID", 18, _AGENT)
    if agent and int(agent) != agent_id:
        raise Hostile(403, "agent_id")
    user = fields.one("FromUserName", 64, _USER)
    created = fields.one("CreateTime", 10, _TIME)
    kind = fields.one("MsgType", 64, _WORD).lower()
    # A UserID means one member in any case, and invaliduser comes back in lower case (wechat.md §11).
    envelope = _Envelope(Sender(CHANNEL, corp_id, user.lower()), created, datetime.fromtimestamp(int(created), UTC))
    if kind == "event":
        return _event(fields, envelope, user, account)
    inbound = None
    if kind in _MESSAGES:
        inbound = _MESSAGES[kind](fields, envelope, "m:" + fields.one("MsgId", 20, _NUMBER))
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
    return Inbound(env.sender, key, env.at, media=(Media("voice", _ref(fields)),))


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
    "location": _location,
    "link": _link,
}


def _event(fields: Fields, env: _Envelope, user: str, account: str) -> Message:
    name = fields.one("Event", 64, _WORD).lower()
    subject = fields.one("EventKey", _EVENT_KEY_MOST)
    key = _short(f"e:{env.created}:{name}:{subject}", f"e:{env.created}:#")
    inbound: Inbound | None = None
    match name:
        case "template_card_event":
            return _clicked(fields, env, subject, Message(None, user, account))
        case "subscribe":
            inbound = Inbound(env.sender, key, env.at, event="follow")
        case "unsubscribe":
            inbound = Inbound(env.sender, key, env.at, event="unfollow")
        case "click":
            inbound = Inbound(env.sender, key, env.at, event="menu", event_key=subject)
        case "location_select":
            inbound = Inbound(env.sender, key, env.at, pin=_pin(fields.inside("SendLocationInfo")))
        case _:  # enter_agent, view, LOCATION, pic_*, change_contact and whatever comes next: answered success
            pass
    return Message(inbound, user, account)


def _clicked(fields: Fields, env: _Envelope, subject: str, of: Message) -> CardMessage:
    """A click happens once by task, member and button, whenever and how often it comes (wechat.md §11)."""
    task = fields.one("TaskId", 128, _TASK)
    click = Click(task, fields.one("ResponseCode", 512, _RESPONSE))
    key = _short(f"k:{task}:{subject}", "k:#")
    inbound = Inbound(env.sender, key, env.at, event="press", event_key=subject)
    return CardMessage(inbound, of.user, of.account, click)


def _short(key: str, prefix: str) -> str:
    if len(key) <= _KEY_MOST:
        return key
    return prefix + hashlib.sha256(key.encode()).hexdigest()


def _ref(fields: Fields) -> str:
    return f"{CHANNEL}:{fields.one('MediaId', 240, _MEDIA_ID)}"


def _pin(fields: Fields) -> Pin:
    lat = float(fields.one("Location_X", 24, _DEGREES))
    lon = float(fields.one("Location_Y", 24, _DEGREES))
    if abs(lat) > 90 or abs(lon) > 180:
        raise Hostile(400, "field_degrees")
    label = fields.one("Label", 512) or fields.one("Poiname", 512)
    return Pin(lat, lon, label)
