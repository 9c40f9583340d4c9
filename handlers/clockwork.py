"""A due timer as an Outcome: the rule's facts and who is told of them, like a message's."""

from __future__ import annotations

from datetime import datetime

from handlers import notify
from handlers.policy import Policy
from handlers.read import Read, Ticket
from handlers.tickets import timers
from handlers.types import Outcome


def fire(kind: str, ticket: Ticket, now: datetime, policy: Policy, read: Read) -> Outcome:
    """The step a due timer stands for; nothing when the ticket has moved on since."""
    facts = timers.step(kind, ticket, now, policy, read)
    return Outcome(facts=facts, pushes=notify.pushes(facts, 0, now, read))
