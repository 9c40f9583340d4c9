"""What the clock does to announcements: begins them, ends a mobilisation nobody stood down, destroys its roster."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.announcements import acts
from handlers.announcements.facts import MusterPurged
from handlers.announcements.muster import END, PURGE, closed
from handlers.announcements.rules import Act
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact


def step(kind: str, announcement: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due timer; none when it has been overtaken."""
    one = read.announcement(announcement)
    if one is None:
        return ()
    if kind == acts.START:
        began = acts.by_clock(Act.START, one)
        end = TimerSet(one.id, END, now + timedelta(hours=policy.muster_hours))
        return (*began, end) if began and one.muster else began
    if kind == END:
        return closed(one.id, 0, now, policy) if one.closed is None else ()
    if kind == PURGE and one.closed is not None:
        found = read.muster_answers(one.id)
        return (MusterPurged(one.id, one.people, found.yes, found.no),)
    return ()
