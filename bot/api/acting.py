"""What callers do: bring a matter in, act on a ticket; each one turn through the one door."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import replace
from typing import TYPE_CHECKING

import nlp
from bot.api import photos
from bot.api.access import Caller
from bot.api.models import ACT_FIELDS, API_ACTIONS, ActedOut, NewTicket, WholeTicketOut
from bot.api.problems import Problem
from bot.api.spec import Call
from bot.api.tickets import find, may_see, no_such, shown
from handlers import after, notify
from handlers.forms import locate
from handlers.read import Read
from handlers.tickets.acts import act
from handlers.tickets.categories import CATEGORIES, OTHER
from handlers.tickets.doing import Args, Missing
from handlers.tickets.facts import AccessRefused
from handlers.tickets.opening import Report, summary_of
from handlers.tickets.received import Matter, receive
from handlers.types import Inbound, Outcome, Pin, Refused, Sender, Turn
from storage.ids import new_id
from storage.looking import looking
from storage.turns import Unreachable

if TYPE_CHECKING:
    from bot.app import App

_SECONDS = 8.0
_CONFLICTS = frozenset({"state", "repeat", "rule"})


def acted(call: Call) -> ActedOut:
    """Raises Problem: 404 not theirs, 403 not their part, 409 not in this state, 422 something missing."""
    given = call.body
    app, caller, now = call.app, call.caller, call.app.clock()
    with looking(app.db, now) as read:
        ticket = find(read, caller, call.path["id"])
        values = {name: getattr(given, name) for name in ACT_FIELDS}
        if into := values.pop("into", ""):
            values["into"] = find(read, caller, into).id
    values["media"] = photos.named(app, caller, values.pop("photos"))
    args = Args(**values)
    refused: list[Refused] = []

    def work(read: Read) -> Outcome:
        refused.clear()
        found = read.ticket(ticket.id)
        if found is None or not may_see(caller, found, read):
            raise no_such()
        try:
            out = act(API_ACTIONS[given.action], found, args, caller.person, now, app.policy, read)
        except Refused as no:
            refused.append(no)
            raise
        return replace(after.settled(out, caller.person.id, now, app.policy, read), dialog="keep")

    replies = through_the_door(app, work, caller)
    if refused:
        raise _problem(refused[0])
    return ActedOut(said="\n".join(replies), ticket=shown(app, caller, ticket.code))


def through_the_door(app: App, work: Callable[[Read], Outcome], caller: Caller) -> list[str]:
    try:
        done = app.turns.run(work, app.clock(), "api", caller.person.id).result(_SECONDS)
    except TooSlow:
        raise Unreachable("the turn took too long") from None
    return [reply.text for reply in done.replies]


def _problem(refused: Refused) -> Problem:
    if isinstance(refused, Missing):
        errors = [{"field": refused.field, "reason": "缺这一项"}]
        return Problem(422, "missing", str(refused), errors=errors)
    why = next((fact.why for fact in refused.facts if isinstance(fact, AccessRefused)), "rule")
    if why == "role":
        return Problem(403, "not-your-part", str(refused))
    return Problem(409 if why in _CONFLICTS else 422, why, str(refused))


def created(call: Call) -> WholeTicketOut:
    given: NewTicket = call.body
    return shown(call.app, call.caller, bring_in(call.app, call.caller, given))


def bring_in(app: App, caller: Caller, given: NewTicket) -> str:
    """The number of the new ticket, or of the one that came in before. Raises Problem 422."""
    if given.category and given.category not in CATEGORIES:
        raise Problem(
            422, "invalid", "category：没有这个分类，全部分类见 /api/v1/categories。",
            errors=[{"field": "category", "reason": "没有这个分类"}],
        )  # fmt: skip
    if (given.place.lat is None) != (given.place.lon is None):
        raise Problem(
            422, "invalid", "place：经度和纬度要一起给。", errors=[{"field": "place", "reason": "经度和纬度要一起给"}]
        )
    now = app.clock()
    said = nlp.understand(given.words, app.register, now=now)
    where = nlp.understand(given.place.text, app.register, now=now).place if given.place.text else said.place
    communities = caller.token.communities
    home = communities[0] if len(communities) == 1 else 0
    who = replace(caller.person, community=home)
    located = locate(where, who).place
    words = given.words
    if given.place.text and located is None:
        words = f"{words}（地点原话：{given.place.text}）"
    pin = (
        Pin(given.place.lat, given.place.lon) if given.place.lat is not None and given.place.lon is not None else None
    )
    kind, shown_ = given.kind or said.kind, photos.named(app, caller, given.photos)
    turn = Turn(new_id(), now, who, Inbound(Sender("api", caller.token.name, ""), "", now), said, None, app.policy)

    def work(read: Read) -> Outcome:
        place = located or (read.place_at(pin) if pin else None)
        if place is not None and place.community not in communities:
            raise Problem(422, "outside", f"{place.label}不在这个令牌的社区里。请向管这里的社区推送。")
        report = Report(
            words=words, summary=summary_of(given.words), category=given.category or said.category or OTHER,
            urgency=given.urgency or said.urgency, kind=kind, place=place, pin=pin, anonymous=given.anonymous,
            to_desk=place is None, media=shown_,
        )  # fmt: skip
        contact = given.contact.model_dump() if given.contact.name or given.contact.phone else None
        matter = Matter(
            caller.token.name, given.external_id or "", report,
            json.dumps(contact, ensure_ascii=False) if contact else "",
        )  # fmt: skip
        out = receive(turn, read, matter)
        # danger alarms leader, deputy and community at once, as if the resident had written here
        return replace(out, pushes=notify.pushes(out.facts, who.id, now, read))

    return through_the_door(app, work, caller)[0]
