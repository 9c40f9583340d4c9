"""Acts with several units: co-units, 吹哨报到, arrival, conclusions; the community's list (domain.md §2.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.read import Read, Ticket
from handlers.tickets import said, texts
from handlers.tickets.acts_pass import OFF_LIST, redispatch
from handlers.tickets.doing import Doing
from handlers.tickets.facts import TimersCleared, TimerSet
from handlers.tickets.facts_chain import (
    ListRefused,
    UnitArrived,
    UnitConcluded,
    UnitJoined,
    UnitLate,
    UnitRated,
)  # fmt: skip
from handlers.tickets.port import Party, Unit
from handlers.tickets.reach import STREET, party_of
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome, Reply

ASSIST, WHISTLE = "assist", "whistle"
ARRIVE = "arrive"  # the timer of the arrival limit


def _units(it: Doing) -> tuple[Unit, ...]:
    found = tuple(unit for unit in map(it.read.unit, it.args.units) if unit is not None)
    if len(found) != len(it.args.units):
        raise it.no(said.NO_UNIT, "unknown")
    if it.ticket.against_unit and any(unit.id == it.ticket.against_unit for unit in found):
        raise it.no(said.NOT_TO_ACCUSED)
    return found


def assist(it: Doing) -> Outcome:
    """加协办: co-units report to the lead in time or explain."""
    found = _units(it)
    facts = tuple(UnitJoined(it.ticket.id, unit.id, it.who.id, ASSIST) for unit in found)
    text = said.ASSISTED.format(short=it.ticket.short, names="、".join(unit.name for unit in found))
    return Outcome(replies=(Reply(text),), facts=facts)


def whistle(it: Doing) -> Outcome:
    """吹哨: one lead and a list of departments with an arrival limit; they sign in on site."""
    found = _units(it)
    arrive_by = it.now + timedelta(minutes=it.policy.by_class(it.policy.arrive_minutes, it.ticket.level))
    facts: tuple[Fact, ...] = redispatch(it, 0, "whistle", unit=found[0].id, tier=STREET)
    facts += tuple(UnitJoined(it.ticket.id, unit.id, it.who.id, WHISTLE, arrive_by) for unit in found)
    facts += (TimerSet(it.ticket.id, ARRIVE, arrive_by),)
    others = "、".join(unit.name for unit in found[1:])
    text = said.WHISTLED.format(
        short=it.ticket.short, lead=found[0].name, others=f"，协同{others}" if others else "",
        when=texts.when(arrive_by, it.now),
    )  # fmt: skip
    return Outcome(replies=(Reply(text),), facts=facts)


def not_there(ticket: Ticket, now: datetime, read: Read) -> tuple[Fact, ...]:
    """Whistled for, past the limit and not on site: one fact a unit. A lead that has said 到场 is there."""
    if ticket.status not in (Status.TO_ACCEPT, Status.IN_HAND):
        return ()
    late = [p for p in read.parties(ticket.id) if p.role == WHISTLE and p.arrived is None and p.arrive_by]
    return tuple(
        UnitLate(ticket.id, party.unit)
        for party in late
        if party.arrive_by and party.arrive_by <= now and not (party.unit == ticket.unit and ticket.visited)
    )


def _mine(it: Doing) -> Party:
    """The unit of the ticket that acts through this person. Raises Refused."""
    if party := party_of(it.who, it.ticket, it.read):
        return party
    raise it.no(said.NOT_WHISTLED, "role")


def sign_in(it: Doing) -> Outcome:
    """到场签到, once a unit."""
    mine = _mine(it)
    if mine.arrived is not None:
        raise it.no(said.SIGNED_ALREADY.format(short=it.ticket.short), "repeat")
    late = said.SIGNED_LATE if mine.arrive_by and it.now > mine.arrive_by else ""
    fact = UnitArrived(it.ticket.id, mine.unit, it.who.id)
    return Outcome(replies=(Reply(said.SIGNED.format(short=it.ticket.short) + late),), facts=(fact,))


def conclude(it: Doing) -> Outcome:
    mine = _mine(it)
    if mine.role == WHISTLE and mine.arrived is None:
        raise it.no(said.SIGN_FIRST.format(short=it.ticket.short), "state")
    if mine.concluded is not None:
        raise it.no(said.CONCLUDED_ALREADY.format(short=it.ticket.short), "repeat")
    fact = UnitConcluded(it.ticket.id, mine.unit, it.who.id, it.args.words)
    return Outcome(replies=(Reply(said.CONCLUDED.format(short=it.ticket.short)),), facts=(fact,))


def rate_unit(it: Doing) -> Outcome:
    """The street rates who came: both whistler and reporter are assessed."""
    party = next((p for p in it.read.parties(it.ticket.id) if p.unit == it.args.unit and p.role == WHISTLE), None)
    if party is None:
        raise it.no(said.NOT_WHISTLED_UNIT, "unknown")
    if it.args.rating not in texts.RATING_WORDS:
        raise it.no(said.RATING_UNKNOWN)
    fact = UnitRated(it.ticket.id, party.unit, it.who.id, it.args.rating)
    text = said.UNIT_RATED.format(name=party.name, rating=it.args.rating)
    return Outcome(replies=(Reply(text),), facts=(fact,))


def refuse_list(it: Doing) -> Outcome:
    """拒收(清单外): a task pushed down to the community that is not on its list goes back up."""
    ticket = it.ticket
    if ticket.list_basis != OFF_LIST or ticket.cost:
        raise it.no(said.ON_THE_LIST if ticket.list_basis else said.NOT_PUSHED_DOWN)
    facts: tuple[Fact, ...] = (ListRefused(ticket.id, it.who.id, it.args.words),)
    facts += redispatch(it, 0, "refused", tier=STREET, status=Status.ESCALATED)
    facts += (TimersCleared(ticket.id, ("street",)),)
    return Outcome(replies=(Reply(said.LIST_REFUSED.format(short=ticket.short)),), facts=facts)
