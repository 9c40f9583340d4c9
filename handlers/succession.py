"""Changes of posts and borders as Outcomes, for a click and for the clock: the facts, the tasks, who is told.

Run it through the one door: `turns.run(lambda read: succession.post(...), now, via="console", actor=person)`.
All raise Refused with the sentence for whoever asked; the door makes it the reply, and nothing happens.
"""

from __future__ import annotations

from datetime import date, datetime, time

from handlers import after
from handlers.grids import borders, posts, rules, texts
from handlers.grids.facts import ChangeDropped, PostChanged, PostPlanned
from handlers.grids.port import Change
from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.passing_on import pass_on
from handlers.timing import TimerSet
from handlers.types import Fact, Outcome, Person, Reply, Role

_AT_ONCE = 500  # tasks of one person that pass on


def post(
    wish: posts.Wish, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy, read: Read
) -> Outcome:
    """更换微网格长、副手、网格员: at once when the day is today, else by a timer on the day."""
    today = now.astimezone(SHANGHAI).date()
    plan, incoming, first = posts.wanted(wish, communities, actor, today, policy, read)
    at_once = plan.day == today and not first  # somebody new is in the register only after this turn
    facts: tuple[Fact, ...] = (*first, plan)
    if at_once:
        facts += _changed(_planned(plan), incoming, now, policy, read)
    else:
        due = max(now, datetime.combine(plan.day, time(0), SHANGHAI))
        facts += (TimerSet(plan.change, posts.TIMER, due),)
    reply = Reply(posts.told_of(plan, incoming, read, now=at_once))
    return after.settled(Outcome(replies=(reply,), facts=facts), actor, now, policy, read)


def redraw(
    seen: borders.Moves, day: date, communities: tuple[int, ...], community: int, actor: int, now: datetime,
    policy: Policy, read: Read,
) -> Outcome:  # fmt: skip
    """调整微网格, as the preview showed it."""
    today = now.astimezone(SHANGHAI).date()
    plan = borders.plan(seen, day, communities, community, actor, today, policy, read)
    at_once = plan.day == today
    facts: tuple[Fact, ...] = (plan,)
    if at_once:
        change = Change(plan.change, "redraw", community, plan.day, "planned", actor, moves=plan.moves)
        facts += (borders.carry_out(change, read),)
    else:
        facts += (TimerSet(plan.change, borders.TIMER, datetime.combine(plan.day, time(0), SHANGHAI)),)
    reply = Reply(texts.redraw_planned(len(plan.moves), plan.day, now=at_once))
    return after.settled(Outcome(replies=(reply,), facts=facts), actor, now, policy, read)


def drop(change: int, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy, read: Read) -> Outcome:
    """取消安排."""
    return after.settled(posts.drop(change, communities, actor, read), actor, now, policy, read)


def add_micro_grid(
    grid: int, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy, read: Read
) -> Outcome:
    return after.settled(borders.add(grid, communities, actor, read), actor, now, policy, read)


def move_out(
    person: int, household: int, reason: str, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy,
    read: Read,
) -> Outcome:  # fmt: skip
    """搬走了, 登记错了: ended by the desk."""
    out = borders.move_out(person, household, reason, communities, actor, read)
    return after.settled(out, actor, now, policy, read)


def leave(
    person: int, first: date, last: date, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy,
    read: Read,
) -> Outcome:  # fmt: skip
    """请假, written down by the community."""
    today = now.astimezone(SHANGHAI).date()
    out = posts.leave(person, first, last, communities, actor, today, policy, read)
    return after.settled(out, actor, now, policy, read)


def end_leave(
    person: int, communities: tuple[int, ...], actor: int, now: datetime, policy: Policy, read: Read
) -> Outcome:
    """销假."""
    out = posts.end_leave(person, communities, actor, now.astimezone(SHANGHAI).date(), read)
    return after.settled(out, actor, now, policy, read)


def step(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The day of a planned change has come; nothing when it was dropped. For handlers/clockwork.py."""
    change = read.change(subject)
    if change is None or change.state != "planned":
        return ()
    if kind == borders.TIMER:
        return (borders.carry_out(change, read),)
    incoming = read.person(change.incoming) if change.incoming else None
    if incoming is not None and not incoming.name and not incoming.phone:
        return (ChangeDropped(change.id, 0),)  # 删除我的数据 meanwhile: whoever holds the post keeps it
    return _changed(change, incoming, now, policy, read)


def _planned(plan: PostPlanned) -> Change:
    return Change(
        plan.change, "post", plan.community, plan.day, "planned", plan.by, plan.role, plan.scope, plan.incoming,
        plan.outgoing, plan.tasks,
    )  # fmt: skip


def _changed(change: Change, incoming: Person | None, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The post and the tasks that pass on with it. Who holds it on the day goes, whoever did when it was planned."""
    going = posts.holder(change.role, change.scope, read)
    outgoing = going.id if going and going.id != change.incoming else 0
    passed: list[int] = []
    tasks: list[Fact] = []
    if going and outgoing:
        still_here = any(not (p.role == change.role and p.scope == change.scope) for p in going.posts)
        to = change.incoming or (read.duty_of(change.scope).deputy if change.role == Role.LEADER else 0)
        for ticket in read.tasks_of(outgoing, _AT_ONCE):
            here = ticket.micro_grid == change.scope
            if change.role == Role.GRID:
                here = bool(ticket.micro_grid) and read.grid_of(ticket.micro_grid) == change.scope
            if here and rules.passes(ticket.status, change.tasks, still_here=still_here):
                passed.append(ticket.id)
                tasks += pass_on(ticket, to, change.by, now, policy, read)
    fact = PostChanged(
        change.id, change.community, change.role, change.scope, change.incoming, outgoing, tuple(passed), change.by,
        incoming.name if incoming else "",
    )  # fmt: skip
    return (fact, *tasks)
