"""Seats under many hands at once: several doors on one database, repeats, people who leave and who come back."""

from __future__ import annotations

import random
from concurrent.futures import Future
from datetime import timedelta

import pytest

from handlers.activities.facts import SignupMoved
from handlers.activities.rules import Place
from storage.engine import Database, open_database
from storage.turns import Done
from tests.conftest import SECRET
from tests.storage.kit import NOTHING, NOW, do, message, open_turns
from tests.storage.volunteers import check, commands, opened, standing


def test_200_at_once(database: Database, database_url: str) -> None:
    """200 people after 60 seats through two processes' doors, each message twice."""
    activity = opened(database, 60)
    other = open_database(database_url, SECRET)
    with open_turns(database, commands(activity.id)) as one, open_turns(other, commands(activity.id)) as two:
        done: list[Future[Done]] = []
        for at in range(200):
            inbound = message(f"k{at}", f"user{at}", text="join 0 1")
            door = one if at % 2 else two
            done += [door.submit(inbound, NOTHING, NOW), door.submit(inbound, NOTHING, NOW)]
        for future in done:
            future.result(60)
    other.close()
    rows = standing(database, activity)
    assert len(rows) == 200
    assert sum(row.status == Place.SEATED.value for row in rows) == 60
    assert sorted(row.place for row in rows if row.status == Place.WAITING.value) == list(range(1, 141))
    check(database, activity)


@pytest.mark.parametrize("seed", range(3))
def test_coming_and_going_at_once(database: Database, database_url: str, seed: int) -> None:
    """Groups of different size join, leave, take and refuse offers, all at the same time."""
    activity = opened(database, 7, 4)
    chance = random.Random(seed)
    other = open_database(database_url, SECRET)
    with open_turns(database, commands(activity.id)) as one, open_turns(other, commands(activity.id)) as two:
        done = []
        for at in range(400):
            user = f"user{chance.randrange(40)}"
            words = chance.choice(("join 0 1", "join 0 2", "join 1 1", "join 1 3", "leave", "yes", "no", "leave"))
            inbound = message(f"k{at}", user, text=words)
            door = one if hash(user) % 2 else two
            done.append(door.submit(inbound, NOTHING, NOW))
            if chance.random() < 0.2:
                done.append(door.submit(inbound, NOTHING, NOW))
        for future in done:
            future.result(60)
    other.close()
    check(database, activity)


def test_who_did_not_come_three_times_stands_behind(database: Database) -> None:
    """Three absences in 90 days, the last within 30: behind everybody else on a waiting list, for a while."""
    for ago in (5, 20, 60):
        past = opened(database, 9, starts=NOW - timedelta(days=ago))
        with open_turns(database, commands(past.id)) as turns:
            turns.submit(message(f"p{ago}", "careless", text="join 0 1"), NOTHING, NOW - timedelta(days=90)).result(
                10
            )
        missed = standing(database, past)[0]
        do(
            database,
            SignupMoved(missed.id, past.id, missed.station, missed.person, "seated", "absent"),
        )
    activity = opened(database, 1)
    with open_turns(database, commands(activity.id)) as turns:
        for user in ("first", "careless", "later", "last"):
            turns.submit(message(f"j-{user}", user, text="join 0 1"), NOTHING, NOW).result(10)
        who = {row.place: row.person for row in standing(database, activity) if row.status == "waiting"}
        assert [row.low for row in standing(database, activity)] == [False, True, False, False]
        turns.submit(message("leave", "first", text="leave"), NOTHING, NOW).result(10)
    offered = [row.person for row in standing(database, activity) if row.status == "offered"]
    assert offered == [who[2]]  # later came after careless, and is asked first
    check(database, activity)
