"""What Open311 brings in: a report becomes a ticket, an update the reporter's word; both in the API's own way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import select

from bot import datum
from bot.api.access import Caller
from bot.api.acting import bring_in, through_the_door
from bot.api.models import Contact, NewTicket, Place
from bot.public.open311_data import DANGER, WHERE
from bot.public.open311_forms import Refused311
from handlers import notify
from handlers.read import Read, Ticket
from handlers.tickets.acts import act
from handlers.tickets.categories import CATEGORIES, DESK_ONLY
from handlers.tickets.doing import Args
from handlers.tickets.received_facts import MatterReceived
from handlers.tickets.rules import OPEN, Action, Status
from handlers.types import Outcome, Refused, Reply
from storage.looking import looking
from storage.schema import communities

if TYPE_CHECKING:
    from bot.app import App

Params = Mapping[str, str]
WORDS_TOLD = frozenset({"DeskReplied", "TicketSolved"})
_LONGEST = 1800
UPDATE = "#"  # begins an update's number in storage, beside the numbers of matters, which never have it


def find(app: App, code: str) -> Ticket | None:
    if not (code.isascii() and code.isdigit() and len(code) <= 16):
        return None
    with looking(app.db, app.clock()) as read:
        return next((ticket for ticket in read.tickets_numbered(code) if ticket.code == code), None)


def community(app: App, code: str) -> int:
    """The id of a community's code, 0 when there is none."""
    with app.db.reading() as conn:
        return conn.execute(select(communities.c.id).where(communities.c.code == code[:20])).scalar() or 0


def report(app: App, who: Caller, given: Params) -> str:
    """The number of the new ticket. Raises Refused311, Problem."""
    code = given.get("service_code", "")
    if not code:
        raise Refused311(400, "缺 service_code。")
    if code not in CATEGORIES or code in DESK_ONLY:
        raise Refused311(404, "没有这个 service_code，全部见 services。")
    where = given.get("address_string", "").strip()[:64] or given.get(f"attribute[{WHERE}]", "").strip()[:64]
    lat, lon = _degrees(given, "lat"), _degrees(given, "long")
    if not where and (lat is None or lon is None):
        raise Refused311(400, "缺地点：lat 和 long，或者 address_string。")
    if lat is not None and lon is not None:
        lat, lon = datum.from_gps(lat, lon)
    words = given.get("description", "").strip() or CATEGORIES[code].name
    if len(words) > _LONGEST:
        raise Refused311(400, f"description 太长，最多{_LONGEST}个字。")
    if re.fullmatch(r"https?://\S{4,150}", given.get("media_url", "")):
        words = f"{words}（照片：{given['media_url']}）"
    name = f"{given.get('last_name', '')}{given.get('first_name', '')}".strip()[:64]
    phone = re.sub(r"[^0-9+() -]", "", given.get("phone", ""))[:24]
    try:
        ticket = NewTicket(
            words=words, category=code, urgency="emergency" if given.get(f"attribute[{DANGER}]") == "yes" else "",
            place=Place(text=where, lat=lat, lon=lon), contact=Contact(name=name, phone=phone),
        )  # fmt: skip
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Refused311(400, f"{field} 不能用，请核对。") from None
    return bring_in(app, who, ticket)


def _degrees(given: Params, name: str) -> float | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text)
        if not abs(value) <= (90 if name == "lat" else 180):
            raise ValueError(text)
    except ValueError:
        raise Refused311(400, f"{name} 应是度数，如 30.63。") from None
    return value


def update(app: App, who: Caller, given: Params) -> str:
    """open with words: added, or the matter is reopened when it was said to be done; closed: the reporter says so.
    The same update_id is taken once. Raises Refused311."""
    ticket = find(app, given.get("service_request_id", ""))
    if ticket is None or ticket.reporter != who.person.id:
        raise Refused311(404, "没有这个 service_request_id，或者不是您报的。")
    number = given.get("update_id", "")
    if not re.fullmatch(r"[A-Za-z0-9._:/-]{1,60}", number):
        raise Refused311(400, "缺 update_id，应是字母、数字和 . _ : / -，最多60个。")
    wanted = given.get("status", "open").lower()
    if wanted not in ("open", "closed"):
        raise Refused311(400, "status 只能是 open 或 closed。")
    words = given.get("description", "").strip()
    if len(words) > _LONGEST or "\x00" in words:
        raise Refused311(400, f"description 太长或有看不见的字符，最多{_LONGEST}个字。")
    said: list[str] = []

    def work(read: Read) -> Outcome:
        said.clear()
        found = read.ticket(ticket.id)
        if found is None or read.received(who.token.name, UPDATE + number):
            return Outcome()
        action = _action(found, wanted)
        if action is None:
            return Outcome()
        args = Args(words=words or ("报事人说已经好了。" if wanted == "closed" else "报事人说还没好。"))
        try:
            out = act(action, found, args, who.person, app.clock(), app.policy, read)
        except Refused as no:
            said.append(str(no))
            return Outcome(replies=(Reply(str(no)),), facts=no.facts)
        facts = (*out.facts, MatterReceived(found.id, who.token.name, UPDATE + number))
        return replace(out, facts=facts, pushes=notify.pushes(facts, who.person.id, app.clock(), read), dialog="keep")

    through_the_door(app, work, who)
    if said:
        raise Refused311(400, said[0])
    return number


def _action(ticket: Ticket, wanted: str) -> Action | None:
    """None where nothing is left to be done."""
    if wanted == "closed":
        if ticket.status is Status.TO_RATE:
            return Action.CONFIRM
        return Action.ADD if ticket.status in OPEN else None
    if ticket.status in (Status.TO_RATE, Status.DONE):
        return Action.REOPEN
    return Action.ADD
