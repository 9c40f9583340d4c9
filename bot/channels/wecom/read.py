"""What WeCom sends, as Inbound: messages, events, clicks on cards (wechat.md §5, §11); not whether to believe it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.tencent import messages
from bot.channels.tencent.door import Message
from bot.channels.tencent.envelope import Hostile
from bot.channels.tencent.messages import EVENT_KEY_MOST, USER, WORD, Envelope, event_key
from bot.channels.tencent.xmlbody import Fields
from handlers.types import Inbound, Sender

CHANNEL = "wecom"
_AGENT = re.compile(r"[0-9]{0,18}")
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_RESPONSE = re.compile(r"[0-9A-Za-z_.+/=@:-]{0,512}")


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
    account = fields.one("ToUserName", 64, USER)
    if account != corp_id:
        raise Hostile(403, "corp_id")
    agent = fields.one("AgentID", 18, _AGENT)
    if agent and int(agent) != agent_id:
        raise Hostile(403, "agent_id")
    user = fields.one("FromUserName", 64, USER)
    # A UserID means one member in any case, and invaliduser comes back in lower case (wechat.md §11).
    env = messages.envelope(fields, Sender(CHANNEL, corp_id, user.lower()))
    if env.kind == "event":
        return _event(fields, env, user, account)
    return Message(messages.message(fields, env), user, account)


def _event(fields: Fields, env: Envelope, user: str, account: str) -> Message:
    name = fields.one("Event", 64, WORD).lower()
    subject = fields.one("EventKey", EVENT_KEY_MOST)
    key = event_key(env, name, subject)
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
        case "scancode_waitmsg":  # a check-in picture on a wall
            scanned = fields.inside("ScanCodeInfo").one("ScanResult", EVENT_KEY_MOST)
            inbound = Inbound(env.sender, event_key(env, name, scanned), env.at, event="scan", event_key=scanned)
        case "location_select":
            inbound = Inbound(env.sender, key, env.at, pin=messages.pin(fields.inside("SendLocationInfo")))
        case _:  # enter_agent, view, LOCATION, pic_*, change_contact and whatever comes next: answered success
            pass
    return Message(inbound, user, account)


def _clicked(fields: Fields, env: Envelope, subject: str, of: Message) -> CardMessage:
    """A click happens once by task, member and button, whenever and how often it comes (wechat.md §11)."""
    task = fields.one("TaskId", 128, _TASK)
    click = Click(task, fields.one("ResponseCode", 512, _RESPONSE))
    key = messages.short(f"k:{task}:{subject}", "k:#")
    inbound = Inbound(env.sender, key, env.at, event="press", event_key=subject)
    return CardMessage(inbound, of.user, of.account, click)
