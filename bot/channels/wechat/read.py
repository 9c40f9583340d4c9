"""What the platform sends, as Inbound: every message and event type of wechat.md §5; not whether to believe it."""

from __future__ import annotations

from bot.channels.tencent import messages
from bot.channels.tencent.door import Message
from bot.channels.tencent.messages import EVENT_KEY_MOST, USER, WORD, Envelope, event_key
from bot.channels.tencent.xmlbody import Fields
from handlers.types import Inbound, Sender

CHANNEL = "wechat"
_QR_PREFIX = "qrscene_"


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
