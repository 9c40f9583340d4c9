"""Addresses that only the one who got them can know: which page, of which matter, for whom, until when."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Reply, Turn
from storage.queue import Outgoing

if TYPE_CHECKING:
    from bot.app import App

Decide = Callable[[Turn, Read], Outcome]
MATTER, TASKS, ANNOUNCEMENT = "/m/t/", "/m/w/", "/m/n/"
# Kind of push → the page that belongs to it.
PAGES = {
    "progress": MATTER,
    "rating": MATTER,
    "task": TASKS,
    "desk": TASKS,
    "alarm": TASKS,
    "digest": TASKS,
    "reminder": TASKS,
    "announce": ANNOUNCEMENT,
    "muster": ANNOUNCEMENT,
}
_START = datetime(2024, 1, 1, tzinfo=UTC)
_BODY = struct.Struct(">cQQH")
_TAG = 16
_TOKEN = re.compile(r"[0-9A-Za-z_-]{47}")
_BARE = re.compile(r"/m/t/[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Pass:
    """What a link opens. `ticket` 0: the list of tasks. `expired`: it was good once."""

    page: str
    ticket: int
    person: int
    expired: bool = False


@functools.lru_cache(maxsize=4)
def _own(key: str) -> bytes:
    return hashlib.sha256(b"jushe links\0" + key.encode()).digest()


def _tag(key: str, body: bytes) -> bytes:
    return hmac.digest(_own(key), body, "sha256")[:_TAG]


def made(key: str, page: str, ticket: int, person: int, now: datetime, days: int) -> str:
    """A path of about 50 characters; the same all day, so that a repeated message is the same message."""
    last = (now - _START) // timedelta(days=1) + days
    body = _BODY.pack(page[3:4].encode(), ticket, person, last)
    return page + base64.urlsafe_b64encode(body + _tag(key, body)).decode().rstrip("=")


def opened(key: str, page: str, token: str, now: datetime) -> Pass | None:
    """None for what was never ours."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except (ValueError, binascii.Error):
        return None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None  # bits that nobody reads were changed: one page has one address
    body, tag = raw[: _BODY.size], raw[_BODY.size :]
    if not hmac.compare_digest(tag, _tag(key, body)):
        return None
    letter, ticket, person, last = _BODY.unpack(body)
    if letter != page[3:4].encode():
        return None
    return Pass(page, ticket, person, expired=(now - _START) // timedelta(days=1) > last)


def of_push(app: App, out: Outgoing) -> str:
    """The whole address of the page that belongs to a push, "" where none does."""
    page = PAGES.get(out.kind, "")
    if page == TASKS:
        return tasks(app, out.person)
    if page == ANNOUNCEMENT:
        days = app.policy.announcement_link_days
        return app.settings.address + made(app.key, page, out.ticket, out.person, app.clock(), days)
    return matter(app, out.ticket, out.person) if page and out.ticket else ""


def matter(app: App, ticket: int, person: int) -> str:
    path = made(app.key, MATTER, ticket, person, app.clock(), app.policy.matter_link_days)
    return app.settings.address + path


def tasks(app: App, person: int) -> str:
    return app.settings.address + made(app.key, TASKS, 0, person, app.clock(), app.policy.tasks_link_days)


def signing(key: str, policy: Policy, decide: Decide) -> Decide:
    """The core with its links as the person may open them: "/m/t/<ticket id>" gets its signature, others stay."""

    def decided(turn: Turn, read: Read) -> Outcome:
        out = decide(turn, read)
        if not any(_BARE.fullmatch(reply.link) for reply in out.replies):
            return out

        def signed(reply: Reply) -> Reply:
            if not _BARE.fullmatch(reply.link):
                return reply
            ticket = int(reply.link.removeprefix(MATTER))
            link = made(key, MATTER, ticket, turn.who.id, turn.now, policy.matter_link_days)
            return replace(reply, link=link)

        return replace(out, replies=tuple(map(signed, out.replies)))

    return decided
