"""What follows from what happened, the same for a message, a click and the clock: points, then who is told."""

from __future__ import annotations

from datetime import datetime

from handlers import merits, notify
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from nlp.quick import replace


def settled(out: Outcome, actor: int, now: datetime, policy: Policy, read: Read) -> Outcome:
    """The outcome with its points and pushes. `actor`: the person who did it, 0 for the clock."""
    if not out.facts:
        return out
    facts = (*out.facts, *merits.points(out.facts, now, policy, read))
    return replace(out, facts=facts, pushes=(*out.pushes, *notify.pushes(facts, actor, now, read)))
