"""Which facts of the features earn points: the one table between them and handlers/points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.activities import facts_hours as a
from handlers.mutual.facts import HelpDone
from handlers.points import earn, rules
from handlers.points.earn import Merit, Unearned
from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import facts as t
from handlers.tickets.clock import SHANGHAI
from handlers.types import Fact, Role

_SAME = timedelta(hours=24)  # the first reporter of the same matter within this time earns (domain.md §5.4)


def points(facts: Iterable[Fact], now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The points that go with what happened. `now` is aware; caps run by its day in Asia/Shanghai."""
    earning = [fact for fact in facts if isinstance(fact, _EARN)]
    if not earning:
        return ()
    now = now.astimezone(SHANGHAI)
    merits = [merit for fact in earning for merit in _of(fact, now, policy, read)]
    return earn.granted(merits, now, policy, read) if merits else ()


_EARN = (
    t.TicketAccepted, t.SolvedAnswered, t.TicketRated, a.HoursRecorded, a.HoursReversed, a.CheckedOut, HelpDone,
)  # fmt: skip


def _of(fact: Fact, now: datetime, policy: Policy, read: Read) -> list[Merit | Unearned]:
    match fact:
        case t.TicketAccepted(ticket=number, by=by):
            ticket = read.ticket(number)
            return _report(ticket, by, now, policy, read) if ticket and _counts(ticket, by, read) else []
        case t.SolvedAnswered(ticket=number, person=person, solved=True):
            ticket = read.ticket(number)
            return _solved(ticket, read) if ticket and person == ticket.reporter else []
        case t.TicketRated(ticket=number, person=person):
            ticket = read.ticket(number)
            # the same for every rating: what is said must never pay
            return [_merit(ticket, rules.VOICE, person)] if ticket and person == ticket.reporter else []
        case a.HoursRecorded(person=person, activity=number, half=half, by=by, guest=0):
            where = _community(number, read)
            return [Merit(person, where, rules.HOUR, f"hours:{fact.hours}", half, by)] if where else []
        case a.HoursReversed(person=person, activity=number, reverses=hours, by=by, guest=0):
            where = _community(number, read)
            return [Unearned(person, where, rules.HOUR, f"hours:{hours}", by, rules.CORRECTED)] if where else []
        case a.CheckedOut(person=person, activity=number):
            where = _community(number, read)
            return [Merit(person, where, rules.EVENT, f"activity:{number}")] if where else []
        case HelpDone(help=number, community=community, asker=asker, helper=helper):
            return [Merit(helper, community, rules.MUTUAL, f"help:{number}", other=asker)]
        case _:
            return []


def _counts(ticket: Ticket, by: int, read: Read) -> bool:
    """Reports of residents count: not what staff report for their work, nor what one accepts oneself."""
    who = read.person(ticket.reporter)
    return who is not None and not who.holds(Role.DESK) and by != ticket.reporter and ticket.owner != ticket.reporter


def _report(ticket: Ticket, by: int, now: datetime, policy: Policy, read: Read) -> list[Merit | Unearned]:
    since = ticket.opened - _SAME
    near = read.open_near(ticket.category, ticket.place, ticket.pin, policy.near_metres, since)
    if any(other.id != ticket.id and other.opened < ticket.opened for other in near):
        return []  # somebody said it first
    reused = read.photo_reused(ticket.id)
    prizes = [rule.code for rule in read.points_rules(ticket.community) if rule.pays_for(ticket.category, now)]
    return [_merit(ticket, code, ticket.reporter, by, reused) for code in (rules.REPORT, *prizes)]


def _solved(ticket: Ticket, read: Read) -> list[Merit | Unearned]:
    """Only what had earned as a valid report earns again."""
    if not read.points_given(f"{rules.REPORT}:ticket:{ticket.id}:{ticket.reporter}"):
        return []
    merits: list[Merit | Unearned] = [_merit(ticket, rules.SOLVED, ticket.reporter, ticket.owner)]
    if ticket.category in rules.HAZARDS:
        merits.append(_merit(ticket, rules.HAZARD, ticket.reporter, ticket.owner))
    return merits


def _merit(ticket: Ticket, rule: str, person: int, by: int = 0, reused: bool = False) -> Merit:
    return Merit(person, ticket.community, rule, f"ticket:{ticket.id}", by=by, reused=reused)


def _community(activity: int, read: Read) -> int:
    found = read.activity(activity)
    return found.community if found else 0
