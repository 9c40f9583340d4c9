"""Acts by which a ticket changes hands: returned, transferred, dispatched, escalated (domain.md §2.3)."""

from __future__ import annotations

import re

from handlers.read import Read, Ticket
from handlers.tickets import said
from handlers.tickets.acts_work import LADDER
from handlers.tickets.clock import working_minutes
from handlers.tickets.doing import Doing
from handlers.tickets.facts import (
    ReturnAsked,
    ReturnDecided,
    TicketAccepted,
    TicketDispatched,
    TimersCleared,
    TimerSet,
)  # fmt: skip
from handlers.tickets.facts_chain import ListNoted, ReturnGrounded
from handlers.tickets.opening import ladder, promised
from handlers.tickets.reach import COMMUNITY, STREET, complained_of, kept_at_desk
from handlers.tickets.rules import Status, Who
from handlers.types import Fact, Outcome, Person, Reply, Role

# 退单的依据: what a return can rest on, and the words that say so
BASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "duty": ("不属于本单位职责", ("不属于", "不归", "不是我们", "不是物业", "职责", "市政", "别的部门", "归")),
    "area": (
        "不在本辖区",
        ("辖区", "不在", "隔壁", "别的小区", "地址不对", "不是我们小区", "不是我这", "不是我的网格"),
    ),
    "owned": ("产权是个人或别的单位", ("产权", "业主自己", "私人", "户内", "自家")),
    "list": ("不在准入清单内", ("清单",)),
    "double": ("已有同一件在办", ("重复", "已有", "同一件")),
}


IN_LIST, OFF_LIST = "清单内", "清单外"


def basis_in(words: str) -> str:
    """The basis these words name, "" when they name none."""
    return next((key for key, (_, marks) in BASES.items() if any(mark in words for mark in marks)), "")


def late_to_return(it: Doing) -> bool:
    """退单 within one working day of the dispatch, two for a complex matter."""
    start = it.ticket.dispatched or it.ticket.opened
    days = it.policy.return_complex_days if it.ticket.level == "T4" else 1
    limit = it.policy.return_within_work_minutes * days
    return working_minutes(start, it.now, it.read.calendar(it.ticket.community)) > limit


def may_return(it: Doing) -> None:
    """Not when designated, not for what was accepted and is late. Raises Refused."""
    if it.ticket.designated:
        raise it.no(said.DESIGNATED.format(short=it.ticket.short))
    if it.ticket.status is Status.IN_HAND and late_to_return(it):
        raise it.no(said.RETURN_LATE.format(short=it.ticket.short))
    if it.args.basis and it.args.basis not in BASES:
        raise it.no(said.NO_BASIS)


def hand_back(it: Doing) -> Outcome:
    """退单申请: the owner keeps looking after it until the desk decides (首接负责). Too late is accepted."""
    ticket = it.ticket
    if late_to_return(it):
        late: tuple[Fact, ...] = ()
        if ticket.owner != it.who.id:
            late = (TicketDispatched(ticket.id, it.who.id, it.who.id, "taken", Status.TO_ACCEPT, unit=ticket.unit),)
        late += (TicketAccepted(ticket.id, it.who.id), TimersCleared(ticket.id, LADDER))
        return Outcome(replies=(Reply(said.DEEMED.format(short=ticket.short)),), facts=late)
    facts = (
        ReturnAsked(ticket.id, it.who.id, it.args.words),
        ReturnGrounded(ticket.id, it.args.basis),
        TimersCleared(ticket.id, LADDER),
    )
    return Outcome(replies=(Reply(said.RETURN_ASKED.format(short=ticket.short)),), facts=facts)


def agree_return(it: Doing) -> Outcome:
    _not_own(it)
    decided = ReturnDecided(it.ticket.id, it.who.id, True, Status.TO_DISPATCH, it.args.words)
    text = said.RETURN_AGREED.format(short=it.ticket.short)
    return Outcome(replies=(Reply(text),), facts=(decided, *redispatch(it, 0, "returned")))


def refuse_return(it: Doing) -> Outcome:
    """Back to 待接单 with a ladder of its own."""
    _not_own(it)
    ticket = it.ticket
    decided = ReturnDecided(ticket.id, it.who.id, False, Status.TO_ACCEPT, it.args.words)
    steps = ladder(ticket.id, ticket.level, it.now, it.policy, it.read.calendar(ticket.community))
    return Outcome(replies=(Reply(said.RETURN_REFUSED.format(short=ticket.short)),), facts=(decided, *steps))


def _not_own(it: Doing) -> None:
    if it.ticket.owner == it.who.id:
        raise it.no(said.OWN_REQUEST, "role")


def team(who: Person, ticket: Ticket, read: Read) -> tuple[Person, ...]:
    """To whom a handler may pass a ticket without asking: the others of the same micro-grid or unit."""
    duty = read.duty_of(ticket.micro_grid)
    ids = read.unit_members(ticket.unit) if ticket.unit else (duty.leader, duty.deputy)
    found = (read.person(person) for person in dict.fromkeys(ids) if person and person != who.id)
    return tuple(person for person in found if person)


_CALLED = re.compile(r"[老小阿]([一-鿿])|([一-鿿])(?:师傅|工|姐|哥|嫂|叔|姨|阿姨|经理|主任|老师)")  # 老冯, 冯师傅


def names_of_team(who: Person, ticket: Ticket, words: str, read: Read) -> int:
    """The one of the team these words name, -1 when they name nobody or several."""
    others = team(who, ticket, read)
    called = _CALLED.fullmatch(words)
    family = (called[1] or called[2]) if called else ""
    chosen = [
        p
        for p in others
        if (p.name and p.name in words)
        or (family and p.name.startswith(family))
        or any(w in words for w in ("副", "搭档"))
    ]
    return chosen[0].id if len(chosen) == 1 else -1


def transfer(it: Doing) -> Outcome:
    """转给 somebody of the same team, or from a leader to a unit that serves the place (物业 mends it)."""
    unit = it.read.unit(it.args.unit)
    if unit is not None:
        matter = it.read.category(it.ticket.category)
        here = unit.id in {u.id for u in it.read.units_for(unit.kind, it.ticket.place)}
        if not here or unit.kind not in ("WY", matter.lead, *matter.assist):
            raise it.no(said.UNIT_ELSEWHERE.format(name=unit.name))
        _not_accused(it, unit=unit.id)
        text = said.TRANSFERRED.format(short=it.ticket.short, name=unit.name)
        return Outcome(replies=(Reply(text),), facts=redispatch(it, 0, "transfer", unit=unit.id, tier=COMMUNITY))
    others = team(it.who, it.ticket, it.read)
    chosen = next((person for person in others if person.id == it.args.to), None)
    if chosen is None:
        raise it.no(said.only_team(tuple(person.name for person in others), bool(it.ticket.unit)))
    text = said.TRANSFERRED.format(short=it.ticket.short, name=chosen.name)
    return Outcome(replies=(Reply(text),), facts=redispatch(it, chosen.id, "transfer", unit=it.ticket.unit))


def dispatch(it: Doing) -> Outcome:
    """派给 somebody or a unit. After the policy's dispatches it is a designation (§2.3 退单)."""
    found, chosen, unit = it.ticket, it.read.person(it.args.to), it.read.unit(it.args.unit)
    if unit is None and (chosen is None or not chosen.posts):
        raise it.no(said.NOBODY_THERE)
    _not_accused(it, chosen, it.args.unit)
    facts: tuple[Fact, ...] = ()
    if Who.STREET in it.parts and chosen is not None and chosen.holds(Role.DESK):
        facts += pushed_down(it)
    if found.status is Status.RETURN_ASKED:
        if (unit is not None and unit.id == found.unit) or (chosen is not None and chosen.id == found.owner):
            raise it.no(said.NOT_BACK)
        facts += (ReturnDecided(found.id, it.who.id, True, Status.TO_DISPATCH),)
    final = found.dispatches + 1 >= it.policy.dispatches_max
    owner, name = (0, unit.name) if unit is not None else (chosen.id, chosen.name) if chosen else (0, "")
    near = chosen is not None and found.micro_grid in chosen.scopes(Role.LEADER) + chosen.scopes(Role.DEPUTY)
    tier = 0 if owner and near else COMMUNITY
    facts += redispatch(it, owner, "desk", unit=unit.id if unit else 0, tier=tier, designated=final)
    text = said.DISPATCHED.format(short=found.short, name=name) + (said.IS_FINAL if final else "")
    return Outcome(replies=(Reply(text),), facts=facts)


def pushed_down(it: Doing) -> tuple[Fact, ...]:
    """What a street's dispatch to a community has to say of the list 准入清单. Raises Refused."""
    basis = it.args.list_basis
    if basis not in (IN_LIST, OFF_LIST):
        raise it.no(said.NEEDS_LIST, "missing")
    return (ListNoted(it.ticket.id, it.who.id, basis, it.args.cost if basis == OFF_LIST else 0),)


def _not_accused(it: Doing, person: Person | None = None, unit: int = 0) -> None:
    """A complaint never reaches the one complained of (§2.8). Raises Refused."""
    if (unit and unit == it.ticket.against_unit) or (person is not None and complained_of(person, it.ticket)):
        raise it.no(said.NOT_TO_ACCUSED)


def next_level(ticket: Ticket, read: Read) -> int:
    """The level above that has somebody, 0 when there is none. A danger or a complaint does not stop at the grid."""
    below = COMMUNITY if ticket.unit or ticket.tier < COMMUNITY else STREET
    quick = kept_at_desk(ticket) or ticket.level in ("T0", "T1") or ticket.unit
    if ticket.tier < 1 and not quick and read.holders(Role.GRID, read.grid_of(ticket.micro_grid)):
        return 1
    if below == COMMUNITY and ticket.tier < STREET:
        return COMMUNITY
    return STREET if ticket.tier < STREET and read.street_of(ticket.community) else 0


def escalate(it: Doing) -> Outcome:
    """上报/求助: one level up, which names who does it."""
    level = next_level(it.ticket, it.read)
    if not level or (it.ticket.tier >= STREET and Who.STREET in it.parts):
        raise it.no(said.TOP_LEVEL.format(short=it.ticket.short))
    text = said.ESCALATED[level].format(short=it.ticket.short)
    return Outcome(replies=(Reply(text),), facts=redispatch(it, 0, "escalated", tier=level, status=Status.ESCALATED))


def redispatch(
    it: Doing, owner: int, why: str, *, unit: int = 0, tier: int = -1, designated: bool = False,
    status: Status | None = None,
) -> tuple[Fact, ...]:  # fmt: skip
    """A new hand with a new accept limit and a new ladder; the promise to the resident does not move."""
    ticket, calendar = it.ticket, it.read.calendar(it.ticket.community)
    accept_by = promised(it.read, ticket, it.now).accept_by
    to_somebody = bool(owner or unit)
    status = status or (Status.TO_ACCEPT if to_somebody else Status.TO_DISPATCH)
    sent = TicketDispatched(
        ticket.id, owner, it.who.id, why, status, designated, accept_by, it.args.words, unit, tier
    )  # fmt: skip
    if to_somebody:
        return (sent, TimersCleared(ticket.id, LADDER), *ladder(ticket.id, ticket.level, it.now, it.policy, calendar))
    return (sent, TimersCleared(ticket.id, LADDER), TimerSet(ticket.id, "remind", accept_by))
