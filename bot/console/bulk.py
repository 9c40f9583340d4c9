"""What is done to one ticket or several at once from the list: looked at first, each through the one entry for acts.

A form carries each ticket as it was shown; what somebody changed meanwhile is shown again, never written over.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console import acting, queues, words
from bot.console.acting import CALLED, Bulk, Fate, Mark
from bot.console.doors import door
from bot.console.page import back, lists, show
from bot.console.rights import Right
from bot.console.scope import Viewer, inside
from bot.keys import APP
from bot.public.pages import day_and_time
from handlers.tickets.acts_pass import BASES
from handlers.tickets.categories import CATEGORIES
from handlers.tickets.rules import ROWS, WHO, Action, Status, Who
from storage import identities, views
from storage.assignees import Assignee, assignees
from storage.sight import StaffRole

if TYPE_CHECKING:
    from bot.app import App

MOST = 50  # tickets at once
_MARK = re.compile(r"(\d{1,19})\.(\d{1,17})")
# What a role is to the tickets it sees, for what a list offers; the act itself asks reach.parts.
PARTS = {
    StaffRole.LEADER: Who.HANDLER, StaffRole.GRID: Who.GRID, StaffRole.DESK: Who.DESK, StaffRole.UNIT: Who.HANDLER,
    StaffRole.STREET: Who.STREET,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """One ticket on the page before it is done. `then`: the state it would be in, or why it cannot be done."""

    mark: str
    short: str
    summary: str
    state: str
    then: str
    able: bool
    changed: str  # what somebody did meanwhile, "" for nothing


def may(viewer: Viewer, status: Status, action: Action) -> bool:
    """Whether a list offers an act on a ticket in this state."""
    row = ROWS.get((status, action))
    if viewer.session is None or row is None or PARTS.get(viewer.session.role) not in row.who:
        return False
    return any(one.action is action for one in offered(viewer))


def offered(viewer: Viewer) -> list[Bulk]:
    if viewer.session is None or not viewer.may(Right.TICKETS_ACT):
        return []
    part = PARTS.get(viewer.session.role)
    return [one for one in acting.BULKS if part in WHO[one.action] and part in one.parts]


async def act(request: web.Request, viewer: Viewer) -> web.StreamResponse:
    """POST /console/queue/act: what would happen, and with sure=1 it happens."""
    app, given = request.app[APP], await lists(request)
    form = {name: values[-1] for name, values in given.items()}
    here = inside(form.get("back", "")) or "/console/"
    bulk = next((one for one in offered(viewer) if one.key == form.get("do")), None)
    marks = [Mark(int(found[1]), int(found[2])) for text in given.get("t", ()) if (found := _MARK.fullmatch(text))]
    marks = list({mark.id: mark for mark in marks if mark.id < 2**63}.values())
    if bulk is None or not marks:
        said = "请先选要办什么。" if bulk is None else "还没有选。先点工单左边的方框，再选要办什么。"
        return back(request, here, said, good=False)
    if len(marks) > MOST:
        return back(request, here, f"一次最多办{MOST}件，您选了{len(marks)}件。", good=False)
    args, wrong = acting.read_args(bulk, form)
    if not wrong and not await asyncio.to_thread(acting.may_get, app, viewer, args):
        wrong["to"] = "请从名单里选。"
    fates: list[Fate] = []
    if "sure" in form and not wrong:
        fates = await asyncio.to_thread(acting.perform, app, viewer, marks, bulk, args)
        left = [fate for fate in fates if not fate.done]
        if not left:
            return back(request, here, _told(bulk, fates))
        marks = [fate.mark for fate in left]
    seen, people, units, needs = await asyncio.to_thread(_look, app, viewer, marks, bulk, form)
    if not seen and not fates:
        return back(request, here, "这些工单现在不归您管了。", good=False)
    if "sure" not in form:
        wrong = {}
    elif needs and not wrong:
        wrong = needs
    if any(fate.done for fate in fates):
        wrong[""] = _told(bulk, fates) + f"还有{len(marks)}件没办成，原因写在下面。"
    elif fates and not wrong:
        wrong[""] = (
            "有变化，没有办。请看下面写的。" if any(one.changed for one in seen) else "没有办成，原因写在下面。"
        )
    conflict = bool(fates) or any(one.changed for one in seen)
    return show(
        request, viewer, "bulk.html", status=409 if conflict else 422 if wrong else 200, bulk=bulk, seen=seen,
        people=people, units=units, bases=[("", "请选"), *((key, name) for key, (name, _) in BASES.items())],
        categories=[("", "请选"), *((code, f"{code} {one.name}") for code, one in sorted(CATEGORIES.items()))],
        back=here, form={"to": "", **form}, wrong=wrong, tones=words.TONES,
    )  # fmt: skip


def _told(bulk: Bulk, fates: list[Fate]) -> str:
    done = [fate for fate in fates if fate.done]
    if len(done) == 1:
        return done[0].said or f"{done[0].short}已{bulk.name}。"
    return f"{len(done)}件已{bulk.name}：{'、'.join(fate.short for fate in done)}。" if done else ""


def _look(
    app: App, viewer: Viewer, marks: list[Mark], bulk: Bulk, form: dict[str, str]
) -> tuple[list[Seen], list[Assignee], list[Assignee], dict[str, str]]:
    """The tickets as they are now and what would become of them; who they can be given to. Blocks."""
    rows = views.lines(app.db, [mark.id for mark in marks], viewer.sight)
    known = {mark.id: mark for mark in marks}
    args, _ = acting.read_args(bulk, form)
    seen, needs = [], {}
    for row in rows:
        fate = acting.foresee(app, viewer, row.id, bulk, args)
        if fate.missing:
            needs[CALLED.get(fate.missing, fate.missing)] = fate.said
        now_seen = acting.mark_of(row)
        changed = "" if known[row.id] == now_seen else _lately(app, row.id, known[row.id].seen)
        seen.append(
            Seen(
                f"{now_seen.id}.{now_seen.seen}", row.code[-4:], acting.summary(row), row.status,
                fate.said if not fate.done and not fate.missing else bulk.leads(Status(row.status)),
                fate.done or bool(fate.missing), changed,
            )
        )  # fmt: skip
    people: list[Assignee] = []
    units: list[Assignee] = []
    if "to" in bulk.fields:
        here = {row.community for row in rows} - {0} or set(viewer.communities or ())
        people, units = assignees(app.db, tuple(sorted(here & set(viewer.communities or ()))))
    return seen, people, units, needs


def _lately(app: App, ticket: int, seen: int) -> str:
    """The last two things that happened since somebody saw it."""
    steps = [step for step in views.timeline(app.db, ticket) if queues.seen_at(step.at) > seen][-2:]
    mentioned = {step.body.get(field, 0) for step in steps for field in ("owner", "person")} - {0}
    with app.db.reading() as conn:
        names = {person: identities.name_of(conn, person) for person in mentioned}
    return "；".join(f"{day_and_time(step.at)} {words.step(step, names)}" for step in steps) or "有别的变化"


def routes() -> list[web.RouteDef]:
    return [door("POST", "/console/queue/act", Right.TICKETS_ACT, act)]
