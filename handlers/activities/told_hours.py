"""Who is told of check-ins, hours, objections. Called by told.py only."""

from __future__ import annotations

from handlers.activities.facts import ActivityFact
from handlers.activities.port import Activity
from handlers.read import Read
from handlers.types import Push


def of(fact: ActivityFact, activity: Activity, read: Read) -> list[Push]:
    return []
