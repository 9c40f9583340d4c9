"""The feed of changes: what happened to the caller's tickets since the place it has read up to."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from bot.api.models import Strict
from bot.api.shown import moment, step_out
from bot.api.spec import Call
from handlers.tickets.rules import Status
from storage import changes, read_received
from storage.looking import looking
from storage.views import Step


class ChangesQuery(Strict):
    after: Annotated[int, Field(ge=0, le=2**63 - 1, description="上一次给的 next；0 是从头")] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class ChangeOut(BaseModel):
    """`status`: of the ticket now, which may be later than this change."""

    place: int
    id: str
    external_id: str | None
    at: str
    kind: str
    text: str
    status: Status


class ChangesOut(BaseModel):
    """Ask again with `next`; `more`: at once, else when it suits."""

    changes: list[ChangeOut]
    next: int
    more: bool


def since(call: Call) -> ChangesOut:
    asked: ChangesQuery = call.query
    caller, app = call.caller, call.app
    with app.db.reading() as conn:
        found, last, more = changes.after(conn, caller.scope, asked.after, asked.limit)
        there = read_received.numbers_there(conn, list({one.ticket for one in found}))
    external = {
        ticket: number for ticket, (source, number) in there.items()
        if caller.role != "source" or source == caller.token.name
    }  # fmt: skip
    with looking(app.db, app.clock()) as read:
        mentioned = {one.body.get(field, 0) for one in found for field in ("owner", "person")} - {0}
        people = ((person, read.person(person)) for person in mentioned)
        names = {person: known.name for person, known in people if known and known.posts}
    out = []
    for one in found:
        step = Step(one.at, one.kind, one.via, one.actor, one.actor_name, one.body, "")
        told = step_out(caller, step, names, closed=True)
        if told is not None:
            out.append(
                ChangeOut(
                    place=one.position, id=one.code, external_id=external.get(one.ticket), at=moment(one.at) or "",
                    kind=one.kind, text=told.text, status=Status(one.status),
                )
            )  # fmt: skip
    return ChangesOut(changes=out, next=last, more=more)
