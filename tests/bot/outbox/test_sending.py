"""The outbox worker: in order, again later, given up, held at night, woken and stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.channels.base import Channel, SendFailed
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import ATTEMPTS, Outbox, quiet
from handlers.policy import Policy
from handlers.types import Rank
from storage import schema
from storage.engine import Database
from tests.bot.outbox.kit import NIGHT, Clock, Fake, person, put, states


async def test_each_person_in_order_pressing_first(db: Database, world: tuple[Fake, Outbox]) -> None:
    fake, outbox = world
    fake.slow = 0.01
    anna, bert = person(db), person(db)
    for number in range(5):
        put(db, anna, f"a{number}")
        put(db, bert, f"b{number}")
    put(db, anna, "alarm", Rank.ALARM)
    await outbox.settle()
    assert [text for text in fake.sent if text[0] == "a"] == ["alarm", "a0", "a1", "a2", "a3", "a4"]
    assert [text for text in fake.sent if text[0] == "b"] == [f"b{number}" for number in range(5)]
    assert fake.most == 2  # people do not wait for one another
    assert set(states(db).values()) == {("sent", None)}


async def test_a_failed_push_comes_again_later_and_those_behind_wait(
    db: Database, world: tuple[Fake, Outbox], clock: Clock
) -> None:
    fake, outbox = world
    anna = person(db)
    put(db, anna, "first")
    put(db, anna, "second")
    fake.plan["first"] = [SendFailed("-1", retry=True)]
    await outbox.settle()
    assert (fake.tries, fake.sent) == (["first"], [])
    assert states(db) == {"first": ("waiting", "-1"), "second": ("waiting", None)}
    clock.now += timedelta(seconds=1.5)
    await outbox.settle()
    assert fake.tries == ["first"]  # not before its time
    clock.now += timedelta(seconds=2)
    await outbox.settle()
    assert fake.sent == ["first", "second"]


async def test_the_channels_own_wait_is_kept(db: Database, world: tuple[Fake, Outbox], clock: Clock) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    fake.plan["x"] = [SendFailed("45011", retry=True, wait=60)]
    await outbox.settle()
    clock.now += timedelta(seconds=59)
    await outbox.settle()
    assert fake.tries == ["x"]
    clock.now += timedelta(seconds=2)
    await outbox.settle()
    assert fake.sent == ["x"]


@pytest.mark.parametrize("error", [SendFailed("45015"), SendFailed("43004", retry=False)])
async def test_what_cannot_succeed_is_given_up_with_its_code(
    db: Database, world: tuple[Fake, Outbox], error: SendFailed
) -> None:
    fake, outbox = world
    anna = person(db)
    put(db, anna, "x")
    put(db, anna, "y")
    fake.plan["x"] = [error]
    await outbox.settle()
    assert states(db) == {"x": ("failed", error.code), "y": ("sent", None)}


@pytest.mark.parametrize("error", [SendFailed("-1", retry=True), RuntimeError("a bug"), TimeoutError()])
async def test_six_tries_at_most(
    db: Database, world: tuple[Fake, Outbox], clock: Clock, error: BaseException
) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    fake.plan["x"] = [error] * 99
    for _ in range(20):
        await outbox.settle()
        clock.now += timedelta(hours=1)
    assert len(fake.tries) == ATTEMPTS
    assert states(db)["x"][0] == "failed"


async def test_nobody_to_send_to(db: Database, world: tuple[Fake, Outbox]) -> None:
    _, outbox = world
    put(db, person(db, channel=""), "no address")
    put(db, person(db, channel="pigeon"), "no such channel")
    await outbox.settle()
    assert states(db) == {"no address": ("failed", "no_identity"), "no such channel": ("failed", "no_channel")}


async def test_quiet_hours_hold_all_but_danger_and_answers(
    db: Database, world: tuple[Fake, Outbox], clock: Clock
) -> None:
    fake, outbox = world
    clock.now = NIGHT
    for rank in Rank:
        put(db, person(db), rank.name, rank, NIGHT)
    await outbox.settle()
    assert sorted(fake.sent) == ["ALARM", "REPLY"]
    clock.now = NIGHT + timedelta(hours=8, minutes=1)
    await outbox.settle()
    assert sorted(fake.sent) == sorted(rank.name for rank in Rank)


@pytest.mark.parametrize(
    ("hour", "held"), [(21, False), (22, True), (23, True), (0, True), (6, True), (7, False), (12, False)]
)
def test_the_hours_are_those_of_shanghai(hour: int, held: bool) -> None:
    at = datetime(2026, 6, 1, hour, tzinfo=UTC) - timedelta(hours=8)
    assert quiet(at, Policy()) is held
    assert quiet(at, Policy(quiet_from_hour=0, quiet_to_hour=0)) is False
    assert quiet(at, Policy(quiet_from_hour=12, quiet_to_hour=14)) is (hour == 12)


async def test_a_push_stands_in_the_log_under_the_name_of_its_turn(
    db: Database, clock: Clock, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    row = put(db, person(db), "王秀英家的灯")
    with db.writing() as conn:
        conn.execute(update(schema.outbox).where(schema.outbox.c.id == row).values(turn="abc123def456"))
    channels: dict[str, Channel] = {"fake": Fake()}
    with caplog.at_level("INFO"):
        await Outbox(db, channels, Policy(), Topics(), Metrics(), clock, log_turns=True).settle()
    logged = (caplog.text + "".join(capsys.readouterr())).replace("'", "")
    assert "turn=abc123def456" in logged
    assert "王秀英" not in logged


async def test_run_wakes_at_once_and_tells_the_page(db: Database, clock: Clock) -> None:
    fake, topics = Fake(), Topics()
    outbox = Outbox(db, {"fake": fake}, Policy(), topics, Metrics(), clock)
    anna = person(db)
    work = asyncio.create_task(outbox.run())
    with topics.subscribe(f"person:{anna}") as told:
        await asyncio.sleep(0.05)
        put(db, anna, "x")
        outbox.wake()
        assert await told.next(5) == f"person:{anna}"
    await outbox.stop(1)
    await work
    assert states(db)["x"] == ("sent", None)


async def test_stop_lets_what_is_being_sent_finish(db: Database, world: tuple[Fake, Outbox]) -> None:
    fake, outbox = world
    fake.slow = 0.2
    put(db, person(db), "x")
    work = asyncio.create_task(outbox.run())
    async with asyncio.timeout(5):
        while not fake.tries:  # noqa: ASYNC110 - the fake has no event
            await asyncio.sleep(0.01)
    await outbox.stop(5)
    await work
    assert states(db)["x"] == ("sent", None)


async def test_a_stopped_account_waits_without_losing_anything(
    db: Database, world: tuple[Fake, Outbox], clock: Clock
) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    put(db, person(db), "y")
    fake.plan["x"] = [SendFailed("45009", retry=True, stop_endpoint=3600)]
    await outbox.settle()
    put(db, person(db), "z")
    await outbox.settle()
    assert "z" not in fake.tries
    assert states(db)["z"] == ("waiting", "paced")
