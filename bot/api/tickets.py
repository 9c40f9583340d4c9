"""Tickets by API: lists, one ticket, its record, who called; what may be seen is decided in shown.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.api import photos
from bot.api.access import Caller
from bot.api.models import (
    CategoriesOut,
    ContactOut,
    MeOut,
    ReasonQuery,
    TicketOut,
    TicketQuery,
    TicketsOut,
    TimelineOut,
    WholeTicketOut,
    category,
)
from bot.api.problems import Problem
from bot.api.shown import hidden, step_out, ticket_out, whole
from bot.api.spec import Call
from handlers.read import Read, Ticket
from handlers.tickets import reach
from handlers.tickets.categories import CATEGORIES, SENSITIVE
from storage import audit, read_received, ticket_list, views
from storage.looking import looking
from storage.read import Reader
from storage.ticket_list import Filter

if TYPE_CHECKING:
    from bot.app import App

REASON_SHORTEST = 4


def no_such() -> Problem:
    """The same for what does not exist and what belongs to others: no hint that it exists."""
    return Problem(404, "no-such-ticket", "没有这一单，或者不归您看。请核对编号。")


def may_see(caller: Caller, ticket: Ticket, read: Read) -> bool:
    ours = ticket.community in caller.token.communities or not ticket.community
    if caller.role == "source":
        return ticket.reporter == caller.person.id
    if caller.role == "read":
        return ticket.community in caller.token.communities
    return ours and bool(reach.parts(caller.person, ticket, read) & reach.WORKING)


def find(read: Read, caller: Caller, code: str) -> Ticket:
    """Raises Problem 404."""
    found = next((ticket for ticket in read.tickets_numbered(code) if ticket.code == code), None)
    if found is None or not may_see(caller, found, read):
        raise no_such()
    return found


def shown(app: App, caller: Caller, code: str, *, reason: bool = False) -> WholeTicketOut:
    with looking(app.db, app.clock()) as read:
        ticket = find(read, caller, code)
        there = _external(app, caller, [ticket.id]).get(ticket.id)
        found = whole(read, caller, ticket, there, app.clock(), reason=reason)
    if not hidden(caller, ticket, reason=reason):
        found.photos = photos.shown(app, ticket.id)
    return found


def _external(app: App, caller: Caller, ids: list[int]) -> dict[int, str]:
    """The numbers on the other platform; a platform sees its own only."""
    with app.db.reading() as conn:
        found = read_received.numbers_there(conn, ids)
    mine = caller.role != "source"
    return {ticket: there for ticket, (source, there) in found.items() if mine or source == caller.token.name}


def listed(call: Call) -> TicketsOut:
    asked: TicketQuery = call.query
    caller, app = call.caller, call.app
    wanted = Filter(
        statuses=tuple(status.value for status in asked.status), open=asked.open, category=asked.category,
        level=asked.level, micro_grid=asked.micro_grid, owner=asked.owner, since=asked.opened_from,
        until=asked.opened_to, changed_since=asked.changed_since, late_at=app.clock() if asked.late else None,
        external=(caller.token.name, asked.external_id) if asked.external_id else None,
    )  # fmt: skip
    scope = caller.scope
    if asked.community:
        if asked.community not in caller.token.communities:
            return TicketsOut(tickets=[], next=None)
        scope = ticket_list.Scope((asked.community,), scope.reporter, scope.member)
    before = int(asked.cursor or 0)
    if before > 2**63 - 1:
        raise Problem(
            422, "invalid", "cursor：请用上一页给的 next。", errors=[{"field": "cursor", "reason": "值不对"}]
        )
    with app.db.reading() as conn:
        ids = ticket_list.page(conn, scope, wanted, before, asked.limit + 1)
    more, ids = len(ids) > asked.limit, ids[: asked.limit]
    there = _external(app, caller, ids)
    with looking(app.db, app.clock()) as read:
        found = [_line(read, caller, ticket, there) for ticket in read.tickets(ids)]
    return TicketsOut(tickets=found, next=str(ids[-1]) if more else None)


def _line(read: Reader, caller: Caller, ticket: Ticket, there: dict[int, str]) -> TicketOut:
    return ticket_out(read, caller, ticket, there.get(ticket.id))


def one(call: Call) -> WholeTicketOut:
    query: ReasonQuery = call.query
    return shown(call.app, call.caller, call.path["id"], reason=_reason(call, query.reason))


def _reason(call: Call, reason: str) -> bool:
    """Whether a reason was given that opens a sensitive ticket; noted in the log before anything is shown."""
    if len(reason.strip()) < REASON_SHORTEST or call.caller.role != "desk":
        return False
    app = call.app
    with looking(app.db, app.clock()) as read:
        ticket = find(read, call.caller, call.path["id"])
    if ticket.category in SENSITIVE:
        body = {"ticket": ticket.id, "token": call.caller.token.name, "reason": reason.strip()}
        with app.db.writing() as conn:
            audit.note(conn, "SensitiveSeen", body, app.clock(), via="api", actor=call.caller.person.id)
    return True


def timeline(call: Call) -> TimelineOut:
    query: ReasonQuery = call.query
    app, caller = call.app, call.caller
    opened = _reason(call, query.reason)
    with looking(app.db, app.clock()) as read:
        ticket = find(read, caller, call.path["id"])
        happened = views.timeline(app.db, ticket.id)
        mentioned = {step.body.get(field, 0) for step in happened for field in ("owner", "person")} - {0}
        people = ((person, read.person(person)) for person in mentioned)
        names = {person: found.name for person, found in people if found and found.posts}
    closed = hidden(caller, ticket, reason=opened)
    steps = (step_out(caller, step, names, closed=closed) for step in happened)
    return TimelineOut(steps=[step for step in steps if step is not None])


def contact(call: Call) -> ContactOut:
    """Who called the other platform: for the community only, on a reason, and noted in the log."""
    reason = call.query.reason.strip()
    if len(reason) < REASON_SHORTEST:
        raise Problem(
            422, "reason-needed", "看联系方式要写明理由（reason，至少4个字），会记入日志。",
            errors=[{"field": "reason", "reason": "太短"}],
        )  # fmt: skip
    app = call.app
    with looking(app.db, app.clock()) as read:
        ticket = find(read, call.caller, call.path["id"])
    body = {"ticket": ticket.id, "token": call.caller.token.name, "reason": reason}
    with app.db.writing() as conn:
        audit.note(conn, "ContactSeen", body, app.clock(), via="api", actor=call.caller.person.id)
        found = json.loads(read_received.contact(conn, ticket.id) or "{}")
    return ContactOut(name=found.get("name", ""), phone=found.get("phone", ""))


def categories(call: Call) -> CategoriesOut:
    return CategoriesOut(categories=[category(code) for code in CATEGORIES])


def me(call: Call) -> MeOut:
    token = call.caller.token
    return MeOut(
        name=token.name, role=token.role, communities=list(token.communities), per_minute=token.per_minute
    )  # fmt: skip
