"""Processes die while a crowd signs up and leaves: no seat is sold twice or lost, nobody stands in two places."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from handlers.texts import NOTICE_VERSION
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.schema import activities, identities, persons, signups, stations, volunteers
from tests.bench.messages import APP_ID
from tests.faults.harness import House
from tests.faults.residents import Line, Residents, sample_crowd

SEED = 20260606
SEATS, PEOPLE = 10, 40


def _crowd(db: Database) -> list[str]:
    now, users = datetime.now(UTC), [f"oV{at:026d}" for at in range(PEOPLE)]
    with db.writing() as conn:
        found = conn.execute(select(activities).where(activities.c.name == "清洁家园")).one()
        conn.execute(update(stations).where(stations.c.activity == found.id).values(seats=SEATS))
        for user in users:
            number = new_id()
            conn.execute(
                insert(persons).values(
                    id=number,
                    community=found.community,
                    notice=NOTICE_VERSION,
                    created=now,
                    building=0,
                    anonymous=False,
                )
            )
            conn.execute(insert(volunteers).values(person=number, adult=True, since=now))
            conn.execute(
                insert(identities).values(
                    channel="wechat", account=APP_ID, user=user, person=number, followed=True, seen=now, window_left=0
                )
            )
    return users


def _right(db: Database) -> tuple[int, int]:
    """(seats held, waiting); every rule of seats holds."""
    with db.reading() as conn:
        number = conn.execute(select(activities.c.id).where(activities.c.name == "清洁家园")).scalar_one()
        rows = conn.execute(select(signups).where(signups.c.activity == number)).all()
        taken = conn.execute(select(stations.c.taken).where(stations.c.activity == number)).scalar_one()
    live = [row for row in rows if row.status in ("seated", "offered", "waiting")]
    held = sum(row.people for row in live if row.status != "waiting")
    waiting = [row for row in live if row.status == "waiting"]
    assert len({row.person for row in live}) == len(live)
    assert taken == held <= SEATS
    assert held == SEATS or not waiting
    offered = [row.place for row in live if row.place and row.status != "waiting"]
    first = min((row.place for row in waiting), default=10**9)
    assert all(place < first for place in offered), "somebody was passed over"
    return held, len(waiting)


async def test_killed_while_seats_are_taken(house: House, full: bool) -> None:
    chance = random.Random(SEED)
    db = open_database(house.url, house.key)
    users = _crowd(db)
    await house.all_up()
    residents = Residents(house.ports, sample_crowd(), chance, copies=2)

    async def one(user: str) -> None:
        lines = [Line(port) for port in (*residents.ports, *residents.ports)[:2]]  # the house's lack who is down now
        try:
            for words in ("报名清洁家园", "清洁家园去不了了，要加班", "报名清洁家园", "我的活动"):
                await residents.tell(user, words, lines)
        finally:
            for line in lines:
                line.close()

    async def some(mine: list[str]) -> None:
        for user in mine:
            await one(user)

    load = asyncio.gather(*(some(users[at::8]) for at in range(8)))
    for _ in range(20 if full else 2):
        await asyncio.sleep(chance.uniform(0.3, 0.8))
        if load.done():
            break
        await house.crash(chance.choice(house.servers))
    await load
    await house.spool_empty()
    house.end()
    held, waiting = _right(db)
    db.close()
    assert (held, waiting) == (SEATS, PEOPLE - SEATS)
