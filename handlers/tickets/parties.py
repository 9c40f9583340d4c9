"""Who answers for a matter: area × category → the first hand, with fall-backs (domain.md §2.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.read import Read
from handlers.tickets.categories import Category
from handlers.tickets.clock import SHANGHAI
from handlers.tickets.port import Unit
from nlp.quick import quick
from nlp.types import Place

# Begins with the micro-grid leader, who is there in minutes, and passes it on with one word; what needs a
# department goes straight to it, and a fall-back to the 居委会 is the leader and the desk.
LEADER_FIRST = frozenset({"WY", "JW", "YW", "TJ", "YY", "JD"})


@quick
@dataclass(frozen=True, slots=True)
class Hand:
    """Who gets it first: a person, a unit, or (neither) the desk of a level. `name` is what the reporter is told."""

    owner: int = 0
    unit: int = 0
    tier: int = 2
    name: str = "社区"


def responsible(lead: str, place: Place, read: Read) -> Unit | None:
    """The unit of a kind that serves a place and has somebody in it."""
    for unit in read.units_for(lead, place):
        if read.unit_members(unit.id):
            return unit
    return None


def first_hand(
    category: Category, level: str, place: Place, now: datetime, read: Read, *, desk: bool = False
) -> Hand:
    """`desk`: a question, a complaint or a voice stays with the community."""
    if desk or not place.community:
        return Hand()
    duty = read.duty(place)
    unit = responsible(category.lead, place, read) if category.lead not in LEADER_FIRST else None
    if unit is not None and level != "T0":
        return Hand(0, unit.id, 2, unit.name)
    day = now.astimezone(SHANGHAI).date()
    leader = next((p for p in (duty.leader, duty.deputy) if p and not read.away(p, day)), 0)
    owner = leader or duty.leader or duty.deputy
    if owner:
        person = read.person(owner)
        return Hand(
            owner, unit.id if unit else 0, 0, f"微网格长{person.name}" if person and person.name else "微网格长"
        )
    return Hand(0, unit.id, 2, unit.name) if unit else Hand()
