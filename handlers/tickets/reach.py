"""What somebody is to a ticket (domain.md §2.8). Who is complained of is nothing to it, whatever post he holds."""

from __future__ import annotations

from handlers.read import Read, Ticket
from handlers.tickets import categories
from handlers.tickets.port import Party
from handlers.tickets.rules import Who
from handlers.types import Person, Role

# a part that makes a ticket somebody's work
WORKING = frozenset({Who.HANDLER, Who.PARTNER, Who.GRID, Who.DESK, Who.STREET})
OFFICE = frozenset({Who.DESK, Who.STREET})  # speaks as the community
COMMUNITY, STREET = 2, 3  # levels of the chain


def units_of(who: Person) -> tuple[int, ...]:
    return who.scopes(Role.HEAD) + who.scopes(Role.MEMBER)


def party_of(who: Person, ticket: Ticket, read: Read) -> Party | None:
    """The part of this person's unit beside the lead."""
    mine = units_of(who)
    return next((party for party in read.parties(ticket.id) if party.unit in mine), None) if mine else None


def kept_at_desk(ticket: Ticket) -> bool:
    """Complaints, and what only the community may read: never open to those complained of, or living next door."""
    return ticket.category in categories.COMPLAINTS | categories.DESK_ONLY or ticket.kind == "投诉举报"


def complained_of(who: Person, ticket: Ticket) -> bool:
    return ticket.against == who.id or (ticket.against_unit != 0 and ticket.against_unit in units_of(who))


def parts(who: Person, ticket: Ticket, read: Read) -> frozenset[Who]:
    """Every part somebody has in a ticket; empty for a stranger."""
    found: set[Who] = set()
    if who.id and who.id in (ticket.reporter, ticket.proxy_for):
        found.add(Who.REPORTER)
    if complained_of(who, ticket):
        return frozenset(found)
    if who.posts:
        found |= _posts(who, ticket, read)
    if not found and who.id in read.people_of(ticket.id):
        found.add(Who.FOLLOWER)
    return frozenset(found)


def _posts(who: Person, ticket: Ticket, read: Read) -> set[Who]:
    found: set[Who] = set()
    mine = units_of(who)
    if ticket.owner == who.id or (ticket.unit and ticket.unit in mine) or _stands_in(who, ticket, read):
        found.add(Who.HANDLER)
    if party_of(who, ticket, read):
        found.add(Who.PARTNER)
    grids = who.scopes(Role.GRID)
    if grids and not kept_at_desk(ticket) and read.grid_of(ticket.micro_grid) in grids:
        found.add(Who.GRID)
    # nobody knows yet where it is: every desk may take it
    if ticket.community in who.scopes(Role.DESK) or (not ticket.community and who.holds(Role.DESK)):
        found.add(Who.DESK)
    if (
        ticket.tier >= STREET
        and who.holds(Role.STREET)
        and read.street_of(ticket.community) in who.scopes(Role.STREET)
    ):
        found.add(Who.STREET)
    return found


def _stands_in(who: Person, ticket: Ticket, read: Read) -> bool:
    """Leader and deputy of a micro-grid stand in for each other."""
    if not ticket.micro_grid or ticket.micro_grid not in who.scopes(Role.LEADER) + who.scopes(Role.DEPUTY):
        return False
    if not kept_at_desk(ticket):
        return True
    duty = read.duty_of(ticket.micro_grid)
    return ticket.owner != 0 and ticket.owner in (duty.leader, duty.deputy)


def waits_with(ticket: Ticket, read: Read) -> tuple[int, ...]:
    """Who is told of what waits for a decision, and holds it while nobody owns it: the desk of its level."""
    if ticket.tier >= STREET and (street := read.street_of(ticket.community)):
        return read.unit_members(street)
    if ticket.tier == 1:
        return tuple(person.id for person in read.holders(Role.GRID, read.grid_of(ticket.micro_grid)))
    return tuple(person for person in read.desk(ticket.community) if person != ticket.against)


def holding(ticket: Ticket, read: Read) -> tuple[int, ...]:
    """Who has it in hand: the owner, else the members of its unit, else the desk of its level."""
    if ticket.owner:
        return (ticket.owner,)
    if ticket.unit:
        return read.unit_members(ticket.unit)
    return waits_with(ticket, read)
