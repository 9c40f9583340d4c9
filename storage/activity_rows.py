"""Writes an activity that comes from a table or the sample, not from a turn; rows only, no decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from handlers.activities.port import Activity
from storage.schema import activities, counters, stations, timers

_SAME = (
    "id", "community", "team", "organiser", "name", "kind", "danger", "about", "place", "conditions", "risks",
    "insurance", "policy_number", "bring", "children", "question", "approve", "weekly", "fence", "starts", "ends",
)  # fmt: skip


def add(conn: Connection, activity: Activity, now: datetime) -> int:
    """The activity with its posts under the next number; gives the number."""
    number = _next(conn)
    pin = activity.pin
    conn.execute(
        insert(activities).values(
            **{name: getattr(activity, name) for name in _SAME}, number=number, status=activity.status.value, queue=0,
            created=now, lat=pin.lat if pin else None, lon=pin.lon if pin else None,
        )
    )  # fmt: skip
    conn.execute(
        insert(stations),
        [
            {"id": post.id, "activity": activity.id, "name": post.name, "seats": post.seats, "taken": 0}
            for post in activity.stations
        ],
    )
    if activity.weekly:
        conn.execute(insert(timers).values(ticket=activity.id, kind="ac_weekly", due=activity.ends, attempts=0))
    return number


def _next(conn: Connection) -> int:
    mine = counters.c.name == "activity"
    if not conn.execute(update(counters).where(mine).values(value=counters.c.value + 1)).rowcount:
        conn.execute(insert(counters).values(name="activity", value=1))
    return int(conn.execute(select(counters.c.value).where(mine)).scalar_one())
