"""What the platform sends, as Inbound: every message and event type of wechat.md §5; not whether to believe it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from bot.channels.tencent import messages
from bot.channels.tencent.door import Message
from bot.channels.tencent.messages import EVENT_KEY_MOST, USER, WORD, Envelope, event_key
from bot.channels.tencent.xmlbody import Fields, parse
from handlers.types import Inbound, Sender

CHANNEL = "wechat"
_QR_PREFIX = "qrscene_"

# A text as the platform writes it: every field once, in its order and of its form. Anything else is parsed.
_USUAL_TEXT = re.compile(
    r"<xml>[ \t\r\n]*<ToUserName><!\[CDATA\[([0-9A-Za-z_.@-]{1,64})\]\]></ToUserName>"
    r"[ \t\r\n]*<FromUserName><!\[CDATA\[([0-9A-Za-z_.@-]{1,64})\]\]></FromUserName>"
    r"[ \t\r\n]*<CreateTime>([0-9]{10})</CreateTime>[ \t\r\n]*<MsgType><!\[CDATA\[text\]\]></MsgType>"
    r"[ \t\r\n]*<Content><!\[CDATA\[([^\]<\x00-\x1f\ufffe\uffff]{1,1024})\]\]></Content>"
    r"[ \t\r\n]*<MsgId>([0-9]{1,20})</MsgId>[ \t\r\n]*</xml>[ \t\r\n]*",
    re.ASCII,
)


def opened(body: bytes, app_id: str) -> Message:
    """The message of a body that is believed. A usual text is matched whole, a third of what a parser costs.

    Raises Hostile(400) as parse() and read() do.
    """
    try:
        usual = _USUAL_TEXT.fullmatch(body.decode())
    except UnicodeDecodeError:
        usual = None
    if usual is None:
        return read(parse(body), app_id)
    account, user, created, words, number = usual.groups()
    at = datetime.fromtimestamp(int(created), UTC)
    return Message(Inbound(_sender(app_id, user), "m:" + number, at, words.strip()), user, account)


@lru_cache(maxsize=8192)
def _sender(app_id: str, user: str) -> Sender:
    """The same object for who writes again: tables of senders find it without comparing."""
    return Sender(CHANNEL, app_id, user)


def read(fields: Fields, app_id: str) -> Message:
    """Raises Hostile(400) for a field that is missing, doubled, nested, too long or not of its form."""
    account = fields.one("ToUserName", 64, USER)
    user = fields.one("FromUserName", 64, USER)
    env = messages.envelope(fields, Sender(CHANNEL, app_id, user))
    inbound = _event(fields, env) if env.kind == "event" else messages.message(fields, env)
    return Message(inbound, user, account)


def _event(fields: Fields, env: Envelope) -> Inbound | None:
    name = fields.one("Event", 64, WORD).lower()
    subject = fields.one("EventKey", EVENT_KEY_MOST)
    key = event_key(env, name, subject)
    match name:
        case "subscribe":
            scene = subject.removeprefix(_QR_PREFIX) if subject.startswith(_QR_PREFIX) else ""
            return Inbound(env.sender, key, env.at, event="follow", event_key=scene)
        case "unsubscribe":
            return Inbound(env.sender, key, env.at, event="unfollow")
        case "scan":
            return Inbound(env.sender, key, env.at, event="scan", event_key=subject)
        case "scancode_waitmsg":
            scanned = fields.inside("ScanCodeInfo").one("ScanResult", EVENT_KEY_MOST)
            return Inbound(env.sender, event_key(env, name, scanned), env.at, event="scan", event_key=scanned)
        case "click":
            return Inbound(env.sender, key, env.at, event="menu", event_key=subject)
        case "location_select":
            return Inbound(env.sender, key, env.at, pin=messages.pin(fields.inside("SendLocationInfo")))
        case _:  # VIEW, LOCATION, pic_*, receipts and whatever comes next: answered success
            return None
