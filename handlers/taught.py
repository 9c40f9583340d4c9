"""A category changed by somebody who knows is also an example to learn from."""

from __future__ import annotations

from dataclasses import replace

from handlers.learning.facts import CategoryCorrected
from handlers.read import Read
from handlers.tickets.facts_chain import TicketReclassed
from handlers.types import Outcome, Turn


def with_example(turn: Turn, read: Read, out: Outcome) -> Outcome:
    """The outcome of 改分类 with the ticket's words kept for the classifier."""
    taught = []
    for fact in out.facts:
        ticket = read.ticket(fact.ticket) if isinstance(fact, TicketReclassed) else None
        if ticket is not None and isinstance(fact, TicketReclassed):
            taught.append(
                CategoryCorrected(ticket.id, turn.who.id, ticket.category, fact.category, read.new_id(), ticket.words)
            )
    return replace(out, facts=(*taught, *out.facts)) if taught else out
