"""What may have been sent: after a crash, a lost answer, a database away for the marks."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.base import Channel, SendFailed
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from handlers import texts
from handlers.policy import Policy
from storage import queue, schema, view_messages
from storage.engine import Database
from tests.bot.outbox.kit import Clock, Fake, marks_fail, person, put, states


async def test_a_crash_between_send_and_mark_repeats_that_one(
    db: Database, world: tuple[Fake, Outbox], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    with monkeypatch.context() as patch:
        marks_fail(patch)
        with pytest.raises(OSError, match="away"):
            await outbox.settle()
    assert states(db)["x"][0] == "sending"
    assert queue.release_expired(db, clock.now + timedelta(seconds=30)) == 0
    clock.now += timedelta(seconds=61)
    assert queue.release_expired(db, clock.now) == 1
    channels: dict[str, Channel] = {"fake": fake}
    await Outbox(db, channels, Policy(), Topics(), Metrics(), clock).settle()
    assert fake.sent == ["x", "x" + texts.MAYBE_AGAIN]
    assert states(db)["x"] == ("sent", None)


async def test_what_may_have_arrived_says_so_and_the_thought_dead_cannot_undo_it(
    db: Database, world: tuple[Fake, Outbox], clock: Clock
) -> None:
    fake, outbox = world
    row = put(db, person(db), "x")
    [taken] = queue.claim(db, clock.now, 1, "pdead", 60, quiet=False)
    assert (taken.id, queue.release_of(db, {"pdead"})) == (row, 1)
    fake.plan["x"] = [SendFailed("connect", retry=True)]
    await outbox.settle()
    clock.now += timedelta(minutes=1)
    await outbox.settle()
    assert fake.sent == ["x" + texts.MAYBE_AGAIN]
    queue.retry(db, row, clock.now, "late", "pdead")
    assert states(db)["x"] == ("sent", None)


async def test_what_staff_send_again_says_so_also_where_repeats_are_dropped(
    db: Database, world: tuple[Fake, Outbox], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, outbox = world
    monkeypatch.setattr(fake, "drops_repeats", True, raising=False)
    row, other = put(db, person(db), "x"), put(db, person(db), "y")
    fake.plan = {"x": [SendFailed("timeout", retry=False)], "y": [SendFailed("45015", retry=False)]}
    await outbox.settle()
    assert view_messages.resend(db, [row, other], None, clock.now) == 2
    fake.plan["x"] = [SendFailed("connect", retry=True)]
    await outbox.settle()
    clock.now += timedelta(minutes=1)
    await outbox.settle()
    assert sorted(fake.sent) == ["x" + texts.MAYBE_AGAIN, "y"]


async def test_of_an_announcement_it_is_remembered_that_it_may_have_come(
    db: Database, world: tuple[Fake, Outbox], clock: Clock
) -> None:
    fake, outbox = world
    rows = [put(db, person(db), "x"), put(db, person(db), "y")]
    with db.writing() as conn:
        conn.execute(update(schema.outbox).where(schema.outbox.c.id == rows[0]).values(kind="announce"))
    for name in ("x", "y"):
        fake.plan[name] = [SendFailed("timeout", retry=True), SendFailed("43004", retry=False)]
    await outbox.settle()
    clock.now += timedelta(minutes=1)
    await outbox.settle()
    assert states(db) == {"x": ("failed", "unknown"), "y": ("failed", "43004")}


async def test_what_was_sent_while_the_database_was_away_is_marked_later_not_sent_again(
    db: Database, world: tuple[Fake, Outbox], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    with monkeypatch.context() as patch:
        marks_fail(patch)
        with pytest.raises(OSError, match="away"):
            await outbox.settle()
    assert states(db)["x"][0] == "sending"
    work = asyncio.create_task(outbox.run())
    async with asyncio.timeout(5):
        while states(db)["x"][0] != "sent":  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.02)
    await outbox.stop(1)
    await work
    assert fake.sent == ["x"]
