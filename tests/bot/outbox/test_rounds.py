"""Many pushes are few transactions, and what a window paid for one that does not leave goes back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import rounds
from bot.channels.base import Channel
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from handlers.policy import Policy
from handlers.types import Rank
from storage import queue, schema
from storage.engine import Database
from tests.bot.outbox.kit import NOON, Clock, Fake, person, put, states

i = schema.identities.c


class Counting(Fake):
    """Counts windows, and never waits for one."""

    kept = 1
    paid = 0

    async def send(self, out: queue.Outgoing) -> str:
        self.paid += out.paid
        return await super().send(out)


def window(db: Database, to: int, left: int) -> None:
    with db.writing() as conn:
        opened = {"window_until": NOON + timedelta(hours=48), "window_left": left}
        conn.execute(update(schema.identities).where(i.person == to).values(**opened))


def left_of(db: Database, to: int) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(i.window_left).where(i.person == to)).scalar_one())


async def test_the_first_leaves_at_once_and_those_soon_after_it_together(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "GATHER", 0.4)
    taken, found = queue.claim, list[tuple[list[str], int]]()

    def claim(*args: Any, sent: Any, **more: Any) -> list[queue.Outgoing]:
        rows = taken(*args, sent=sent, **more)
        if rows or sent:
            found.append(([out.text for out in rows], sum(map(len, sent.values()))))
        return rows

    monkeypatch.setattr(queue, "claim", claim)
    fake = Fake()
    outbox = Outbox(db, {"fake": fake}, Policy(), Topics(), Metrics(), clock)
    work = asyncio.create_task(outbox.run())
    async with asyncio.timeout(5):
        for number in range(4):
            put(db, person(db), str(number))
            outbox.wake()
            while not fake.sent:  # noqa: ASYNC110 - the fake has no event
                await asyncio.sleep(0.01)
        while len(fake.sent) < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await outbox.stop(5)
    await work
    assert found == [(["0"], 0), (["1", "2", "3"], 1), ([], 3)]
    assert set(states(db).values()) == {("sent", None)}


async def test_while_a_cap_holds_they_come_seldom_and_at_once_when_one_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rounds, "HELD", 0.3)
    loop, looks = asyncio.get_running_loop(), rounds.Rounds()
    looks.now()
    assert not await looks.next()
    looks.hold()
    began = loop.time()
    looks.wake()
    assert await looks.next()
    assert loop.time() - began >= 0.29
    looks.hold()
    looks.wake()
    looks.now()
    async with asyncio.timeout(0.25):
        assert await looks.next()


async def test_one_that_must_wait_is_not_paid_for(db: Database, clock: Clock) -> None:
    fake = Counting()
    channels: dict[str, Channel] = {"fake": fake}
    outbox = Outbox(db, channels, Policy(), Topics(), Metrics(), clock, per_second=100, per_person_minute=1)
    anna = person(db)
    window(db, anna, 20)
    for number in range(12):  # ten at once, as the outbox lets a person have
        put(db, anna, str(number))
    await outbox.settle()
    assert (len(fake.sent), fake.paid, left_of(db, anna)) == (10, 10, 10)
    assert states(db)["10"] == ("waiting", "paced")


async def test_the_same_over_and_over_gives_back_what_was_paid(db: Database, clock: Clock) -> None:
    fake = Counting()
    channels: dict[str, Channel] = {"fake": fake}
    policy = Policy(storm_times=2)
    outbox = Outbox(db, channels, policy, Topics(), Metrics(), clock, per_second=100)
    anna = person(db)
    window(db, anna, 5)
    for _ in range(4):
        put(db, anna, "x", Rank.NOTICE)
    await outbox.settle()
    assert (len(fake.sent), left_of(db, anna)) == (2, 3)


async def test_what_a_rate_cap_holds_back_is_passed_by_an_alarm(db: Database, clock: Clock) -> None:
    fake = Counting()
    channels: dict[str, Channel] = {"fake": fake}
    outbox = Outbox(db, channels, Policy(), Topics(), Metrics(), clock, per_second=20, per_person_minute=60000)
    for number in range(40):
        put(db, to := person(db), str(number))
        window(db, to, 1)
    work = asyncio.create_task(outbox.run())
    async with asyncio.timeout(10):
        while len(fake.sent) < 20:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.01)
        put(db, person(db), "alarm", Rank.ALARM)
        outbox.wake()
        while "alarm" not in fake.sent:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await outbox.stop(5)
    await work
    assert fake.sent.index("alarm") < 30 and fake.paid >= len(fake.sent) - 1
    assert fake.sent[:10] == [str(number) for number in range(10)]
