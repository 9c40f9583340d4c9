"""A post changes hands: planned with a date, carried out on it. What happens to the tasks is succession's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.grids import rules, texts
from handlers.grids.facts import ChangeDropped, LeaveEnded, LeaveSet, PersonAdded, PostPlanned
from handlers.grids.port import Change
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimersCleared
from handlers.types import Fact, Outcome, Person, Refused, Reply, Role

TIMER, REDRAW = "mg_post", "mg_redraw"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the desk wants. Without `name` and `phone` the post is left empty; `community`: where `scope` must lie."""

    role: str
    scope: int
    name: str
    phone: str
    day: date
    tasks: str


def place_of(role: str, scope: int, read: Read) -> tuple[str, int]:
    """Name and community of a post's scope; ("", 0) where there is none."""
    found = read.grid(scope) if role == Role.GRID else read.micro_grid(scope)
    return (found.name, found.community) if found else ("", 0)


def holder(role: str, scope: int, read: Read) -> Person | None:
    return next(iter(read.holders(Role(role), scope)), None)


def wanted(
    wish: Wish, communities: tuple[int, ...], actor: int, today: date, policy: Policy, read: Read
) -> tuple[PostPlanned, Person | None, tuple[Fact, ...]]:
    """The planned change, who comes, and facts before it. Raises Refused with what is wrong and what to do."""
    if wish.role not in texts.ROLES:
        raise Refused(texts.NO_ROLE)
    community = place_of(wish.role, wish.scope, read)[1]
    if not community or community not in communities:
        raise Refused(texts.NOT_HERE)
    if wish.tasks not in rules.PASSES:
        raise Refused(texts.WHICH_TASKS)
    if fault := rules.day_fault(wish.day, today, policy.change_ahead_days):
        raise Refused(texts.DAY_PAST if fault == "past" else texts.DAY_FAR.format(days=policy.change_ahead_days))
    if planned := read.change_of_post(wish.role, wish.scope):
        raise Refused(texts.ALREADY_PLANNED.format(day=texts.day_words(planned.day)))
    incoming, facts = _incoming(wish, community, read)
    outgoing = holder(wish.role, wish.scope, read)
    if incoming is None and outgoing is None:
        raise Refused(texts.NOBODY_GOES)
    if incoming is not None and outgoing is not None and incoming.id == outgoing.id:
        raise Refused(texts.SAME_PERSON.format(name=incoming.name, role=texts.ROLES[wish.role]))
    plan = PostPlanned(
        read.new_id(), community, wish.role, wish.scope, incoming.id if incoming else 0,
        outgoing.id if outgoing else 0, wish.day, wish.tasks, actor,
        incoming.name if incoming else "",
    )  # fmt: skip
    return plan, incoming, facts


def _incoming(wish: Wish, community: int, read: Read) -> tuple[Person | None, tuple[Fact, ...]]:
    name, phone = wish.name.strip(), "".join(c for c in wish.phone if c.isdigit())
    if not name and not phone:
        return None, ()
    if not name or len(phone) != 11:
        raise Refused(texts.NAME_AND_PHONE)
    known = read.phone_owner(phone)
    if known is not None:
        if known.name and known.name != name:
            raise Refused(texts.OTHER_NAME)
        return known, ()
    person = read.new_id()
    return Person(person, community, name, phone), (PersonAdded(person, community, name, phone),)


def told_of(plan: PostPlanned | Change, incoming: Person | None, read: Read, *, now: bool) -> str:
    """What is read back to the desk."""
    where, _ = place_of(plan.role, plan.scope, read)
    return texts.planned_post(plan.role, where, incoming.name if incoming else "", plan.day, now=now)


def leave(
    person: int, first: date, last: date, communities: tuple[int, ...], actor: int, today: date, policy: Policy,
    read: Read,
) -> Outcome:  # fmt: skip
    """请假, on behalf of a leader, deputy or grid worker. Raises Refused."""
    who = _with_post(person, communities, read)
    if last < first or last < today:
        raise Refused(texts.LEAVE_ORDER)
    if (last - first).days >= policy.leave_days_max:
        raise Refused(texts.LEAVE_LONG.format(days=policy.leave_days_max))
    fact = LeaveSet(person, first, last, actor)
    return Outcome(replies=(Reply(texts.leave_set(who.name, first, last)),), facts=(fact,))


def end_leave(person: int, communities: tuple[int, ...], actor: int, today: date, read: Read) -> Outcome:
    """销假. Raises Refused."""
    who = _with_post(person, communities, read)
    if not read.leave_ahead(person, today):
        raise Refused(texts.NOT_AWAY)
    fact = LeaveEnded(person, today, actor)
    return Outcome(replies=(Reply(texts.leave_ended(who.name)),), facts=(fact,))


def _with_post(person: int, communities: tuple[int, ...], read: Read) -> Person:
    """Somebody who holds a post of the grid in one of these communities."""
    who = read.person(person)
    here = who is not None and any(
        place_of(post.role, post.scope, read)[1] in communities for post in who.posts if post.role in texts.ROLES
    )
    if who is None or not here:
        raise Refused(texts.NO_POST_HERE)
    return who


def drop(change: int, communities: tuple[int, ...], actor: int, read: Read) -> Outcome:
    """取消安排, of a post or of borders. Raises Refused."""
    found = read.change(change)
    if found is None or found.community not in communities:
        raise Refused(texts.NOT_HERE)
    if found.state != "planned":
        raise Refused(texts.NOT_PLANNED)
    facts = (ChangeDropped(change, actor), TimersCleared(change, (TIMER, REDRAW)))
    return Outcome(replies=(Reply(texts.DROPPED),), facts=facts)
