"""What somebody is to a ticket (domain.md §2.8). Who is complained of is nothing to it, whatever post he holds."""

from __future__ import annotations

from handlers.read import Read, Ticket
from handlers.tickets import categories
from handlers.tickets.rules import Who
from handlers.types import Person, Role

# a part that makes a ticket somebody's work
WORKING = frozenset({Who.HANDLER, Who.GRID, Who.DESK})


def kept_at_desk(ticket: Ticket) -> bool:
    """Complaints, and what only the community may read: never open to those complained of, or living next door."""
    return ticket.category in categories.COMPLAINTS | categories.DESK_ONLY or ticket.kind == "投诉举报"


def parts(who: Person, ticket: Ticket, read: Read) -> frozenset[Who]:
    """Every part somebody has in a ticket; empty for a stranger."""
    found: set[Who] = set()
    if ticket.reporter == who.id:
        found.add(Who.REPORTER)
    if ticket.owner == who.id or _stands_in(who, ticket, read):
        found.add(Who.HANDLER)
    # nobody knows yet where it is: every desk may take it
    if ticket.community in who.scopes(Role.DESK) or (not ticket.community and who.holds(Role.DESK)):
        found.add(Who.DESK)
    if not found and who.id in read.people_of(ticket.id):
        found.add(Who.FOLLOWER)
    return frozenset(found)


def _stands_in(who: Person, ticket: Ticket, read: Read) -> bool:
    """Leader and deputy of a micro-grid stand in for each other."""
    if not ticket.micro_grid or ticket.micro_grid not in who.scopes(Role.LEADER) + who.scopes(Role.DEPUTY):
        return False
    if not kept_at_desk(ticket):
        return True
    duty = read.duty_of(ticket.micro_grid)
    return ticket.owner != 0 and ticket.owner in (duty.leader, duty.deputy)
