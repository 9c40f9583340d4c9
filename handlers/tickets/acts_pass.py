"""Acts by which a ticket changes hands: returned, transferred, dispatched, escalated (domain.md §2.3)."""

from __future__ import annotations

from handlers.read import Read, Ticket
from handlers.tickets import said
from handlers.tickets.acts_work import LADDER
from handlers.tickets.clock import working_minutes
from handlers.tickets.doing import Doing
from handlers.tickets.facts import ReturnAsked, ReturnDecided, TicketDispatched, TimersCleared, TimerSet
from handlers.tickets.opening import ladder
from handlers.tickets.opening import promised as promised_to
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome, Person, Reply


def may_return(it: Doing) -> None:
    """退单 within one working day of the dispatch, not when designated. Raises Refused."""
    found = it.ticket
    if found.designated:
        raise it.no(said.DESIGNATED.format(short=found.short))
    start = found.dispatched or found.opened
    if working_minutes(start, it.now, it.read.calendar(found.community)) > it.policy.return_within_work_minutes:
        raise it.no(said.RETURN_LATE.format(short=found.short))


def hand_back(it: Doing) -> Outcome:
    """退单申请: the owner keeps looking after it until the desk decides (首接负责)."""
    fact = ReturnAsked(it.ticket.id, it.who.id, it.args.words)
    text = said.RETURN_ASKED.format(short=it.ticket.short)
    return Outcome(replies=(Reply(text),), facts=(fact, TimersCleared(it.ticket.id, LADDER)))


def agree_return(it: Doing) -> Outcome:
    _not_own(it)
    decided = ReturnDecided(it.ticket.id, it.who.id, True, Status.TO_DISPATCH, it.args.words)
    text = said.RETURN_AGREED.format(short=it.ticket.short)
    return Outcome(replies=(Reply(text),), facts=(decided, *redispatch(it, 0, "returned")))


def refuse_return(it: Doing) -> Outcome:
    _not_own(it)
    decided = ReturnDecided(it.ticket.id, it.who.id, False, Status.IN_HAND, it.args.words)
    return Outcome(replies=(Reply(said.RETURN_REFUSED.format(short=it.ticket.short)),), facts=(decided,))


def _not_own(it: Doing) -> None:
    if it.ticket.owner == it.who.id:
        raise it.no(said.OWN_REQUEST, "role")


def team(who: Person, ticket: Ticket, read: Read) -> tuple[Person, ...]:
    """To whom a handler may pass a ticket without asking: the others of the same micro-grid."""
    duty = read.duty_of(ticket.micro_grid)
    found = (read.person(person) for person in (duty.leader, duty.deputy) if person and person != who.id)
    return tuple(person for person in found if person)


def names_of_team(who: Person, ticket: Ticket, words: str, read: Read) -> int:
    """The one of the team these words name, -1 when they name nobody or several."""
    others = team(who, ticket, read)
    chosen = [p for p in others if (p.name and p.name in words) or any(w in words for w in ("副", "搭档"))]
    return chosen[0].id if len(chosen) == 1 else -1


def transfer(it: Doing) -> Outcome:
    """转给 the deputy or another leader of the same micro-grid; anybody else is the desk's to choose."""
    others = team(it.who, it.ticket, it.read)
    chosen = next((person for person in others if person.id == it.args.to), None)
    if chosen is None:
        raise it.no(said.only_team(tuple(person.name for person in others)))
    text = said.TRANSFERRED.format(short=it.ticket.short, name=chosen.name)
    return Outcome(replies=(Reply(text),), facts=redispatch(it, chosen.id, "transfer"))


def dispatch(it: Doing) -> Outcome:
    """派给 somebody. After the policy's dispatches it is a designation (§2.3 退单)."""
    found, chosen = it.ticket, it.read.person(it.args.to)
    if chosen is None or not chosen.posts:
        raise it.no(said.NOBODY_THERE)
    facts: tuple[Fact, ...] = ()
    if found.status is Status.RETURN_ASKED:
        if chosen.id == found.owner:
            raise it.no(said.NOT_BACK)
        facts += (ReturnDecided(found.id, it.who.id, True, Status.TO_DISPATCH),)
    final = found.dispatches + 1 >= it.policy.dispatches_max
    facts += redispatch(it, chosen.id, "desk", designated=final)
    text = said.DISPATCHED.format(short=found.short, name=chosen.name) + (said.IS_FINAL if final else "")
    return Outcome(replies=(Reply(text),), facts=facts)


def escalate(it: Doing) -> Outcome:
    """上报/求助: up to the community, which names who does it."""
    text = said.ESCALATED.format(short=it.ticket.short)
    return Outcome(replies=(Reply(text),), facts=redispatch(it, 0, "escalated"))


def redispatch(it: Doing, owner: int, why: str, *, designated: bool = False) -> tuple[Fact, ...]:
    """A new owner with a new accept limit and a new ladder; the promise to the resident does not move."""
    ticket, calendar = it.ticket, it.read.calendar(it.ticket.community)
    promised = promised_to(it.read, ticket, it.now)
    status = Status.TO_ACCEPT if owner else Status.TO_DISPATCH
    sent = TicketDispatched(
        ticket.id, owner, it.who.id, why, status, designated, promised.accept_by, it.args.words
    )  # fmt: skip
    if owner:
        return (sent, *ladder(ticket.id, ticket.level, it.now, it.policy, calendar))
    return (sent, TimersCleared(ticket.id, LADDER), TimerSet(ticket.id, "remind", promised.accept_by))
