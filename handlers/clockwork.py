"""A due timer as an Outcome: the rule's facts and who is told of them, like a message's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from handlers import after, succession
from handlers.activities import stars
from handlers.activities import timers as activities
from handlers.announcements import timers as announcements
from handlers.knowledge import told as knowledge
from handlers.mutual import door as mutual
from handlers.points import months
from handlers.points import timers as points
from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets import digest, timers
from handlers.types import Fact, Outcome

Step = Callable[[str, int, datetime, Policy, Read], tuple[Fact, ...]]


def _star(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    return stars.due(subject, now, read)


# by the beginning of the timer's kind, e.g. "pt_expire"; what has none of these belongs to tickets
STEPS: dict[str, Step] = {
    "ac": activities.of_activity,
    "su": activities.of_signup,
    "an": announcements.step,
    "st": _star,
    "hp": mutual.step,
    "pt": points.step,
    "kb": knowledge.due,
    "dg": digest.step,
    "mg": succession.step,
}


def fire(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> Outcome:
    """The step a due timer stands for; nothing when its subject is gone or has moved on since."""
    facts = STEPS.get(kind.partition("_")[0] if "_" in kind else "", _ticket)(kind, subject, now, policy, read)
    return after.settled(Outcome(facts=facts), 0, now, policy, read)


def old_points(person: int, community: int, now: datetime, policy: Policy, read: Read) -> Outcome:
    """Points past their months go, and the person is told."""
    return after.settled(Outcome(facts=points.expire(person, community, now, policy, read)), 0, now, policy, read)


def settle_month(community: int, month: date, now: datetime, policy: Policy, read: Read) -> Outcome:
    """A community's month is settled and shown; the desk is told."""
    return after.settled(Outcome(facts=months.settle(community, month, now, policy, read)), 0, now, policy, read)


def _ticket(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    ticket = read.ticket(subject)
    return timers.step(kind, ticket, now, policy, read) if ticket else ()
