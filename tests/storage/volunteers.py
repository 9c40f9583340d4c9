"""What tests of seats share: an activity, people who sign up by short commands, and what the tables then hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from handlers.activities import leave, seats
from handlers.activities.facts import ActivityOpened
from handlers.activities.port import Activity, Guest, Station
from handlers.activities.rules import HOLDS, LIVE, Place
from handlers.read import Read
from handlers.types import Fact, Outcome, Turn
from storage import volunteer_audit
from storage.engine import Database
from storage.ids import new_id
from storage.schema import communities, signups, stations
from tests.storage.kit import NOW, do

STARTS = NOW + timedelta(days=5)


def community(db: Database) -> int:
    number = new_id()
    with db.writing() as conn:
        conn.execute(
            insert(communities).values(id=number, code=str(number)[-12:], name="学府社区", street="", phone="")
        )  # fmt: skip
    return number


def opened(db: Database, *seats_: int, starts: datetime = STARTS, **more: Any) -> Activity:
    """A new activity with so many seats at each of its posts."""
    number = new_id()
    posts = tuple(Station(new_id(), f"岗位{at}", count) for at, count in enumerate(seats_))
    activity = Activity(
        number, number % 1_000_000_000, community(db), 900, "清洁家园", "环境清洁", "清理楼道", "北门", starts,
        starts + timedelta(hours=2), "身体健康", "发手套", "意外险", posts, **more,
    )  # fmt: skip
    do(db, ActivityOpened(activity.id, activity.number, activity.community, 900, activity))
    return activity


def commands(activity: int) -> Callable[[Turn, Read], Outcome]:
    """「join 0 2」 signs two up for the first post; leave; yes and no answer an offer."""

    def decide(turn: Turn, read: Read) -> Outcome:
        command, *rest = turn.inbound.text.split()
        held = read.activity_held(activity)
        assert held is not None
        mine = read.signup_of(activity, turn.who.id)
        if command == "join":
            if mine and mine.status in LIVE:
                return Outcome()
            wish = seats.Wish(True, (Guest("同伴"),) * (int(rest[1]) - 1))
            missed = read.absences(turn.who.id, turn.now - timedelta(days=turn.policy.absence_days))
            return Outcome(facts=seats.take(turn, held, held.stations[int(rest[0])], wish, missed, read).facts)
        if command == "leave":
            if mine is None or mine.status not in LIVE:
                return Outcome()
            facts: tuple[Fact, ...] = leave.ended(turn, held, mine, "有事", read)
            return Outcome(facts=facts)
        return leave.take_offer(turn, read) if command == "yes" else leave.decline_offer(turn, read)

    return decide


def standing(db: Database, activity: Activity) -> list[Any]:
    """Rows of (person, station, people, status, place), in the order the sign-ups were made."""
    with db.reading() as conn:
        return list(conn.execute(select(signups).where(signups.c.activity == activity.id).order_by(signups.c.id)))


def check(db: Database, activity: Activity) -> None:
    """Seats taken are the seats held; none is oversold; nobody has two sign-ups; a seat is free only where the first
    who waits does not fit."""
    rows = standing(db, activity)
    live = [row.person for row in rows if row.status in {place.value for place in LIVE}]
    assert len(live) == len(set(live))
    with db.reading() as conn:
        posts = conn.execute(select(stations).where(stations.c.activity == activity.id)).all()
        for post in posts:
            held = sum(
                row.people for row in rows if row.station == post.id and row.status in {h.value for h in HOLDS}
            )
            assert post.taken == held <= post.seats
            first = conn.execute(
                select(signups.c.people)
                .where(signups.c.station == post.id, signups.c.status == Place.WAITING.value)
                .order_by(signups.c.low, signups.c.place)
                .limit(1)
            ).scalar()
            assert first is None or first > post.seats - post.taken
        places = conn.execute(
            select(func.count(), func.count(signups.c.place.distinct())).where(
                signups.c.activity == activity.id, signups.c.place > 0
            )
        ).one()
    assert places[0] == places[1]
    assert volunteer_audit.findings(db) == []
