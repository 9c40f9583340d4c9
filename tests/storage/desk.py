"""What the desk does to posts and borders, the clock that brings it about, and who is told."""

from __future__ import annotations

import json
from datetime import date, timedelta

from handlers import clockwork
from handlers.policy import Policy
from storage import timers
from storage.engine import Database
from storage.schema import outbox
from storage.turns import Done
from tests.storage.kit import NOW, nothing, open_turns, rows

TODAY = date(2026, 6, 1)
LATER = date(2026, 6, 5)
ON_THE_DAY = NOW + timedelta(days=3, hours=15, minutes=1)  # 5 June, 0:01 in Shanghai


def run(db: Database, work: object, now: object = NOW) -> Done:
    with open_turns(db, nothing) as turns:
        return turns.run(work, now, "console", 42).result(10)  # type: ignore[arg-type]


def tick(db: Database, now: object) -> None:
    with open_turns(db, nothing) as turns:
        while timers.fire_due(db, turns, clockwork.fire, Policy(), now, 50):  # type: ignore[arg-type]
            pass


def told(db: Database) -> list[tuple[int, str]]:
    return [(one.person, json.loads(one.body)["text"]) for one in rows(db, outbox) if one.body]
