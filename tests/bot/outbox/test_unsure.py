"""What may have been sent: after a crash, a lost answer, a database away for the marks."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot import marks
from bot.channels.base import SendFailed
from bot.outbox import Outbox
from handlers import texts
from storage import queue, schema, view_messages
from storage.engine import Database
from tests.bot.outbox.kit import NOON, Clock, Fake, person, put, states


async def test_a_crash_between_send_and_mark_repeats_that_one(
    db: Database, world: tuple[Fake, Outbox], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, outbox = world
    put(db, person(db), "x")
    monkeypatch.setattr("bot.marks._MARK_WAITS", ())

    def dead(*_: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "sent", dead)
        await outbox.settle()
    assert states(db)["x"][0] == "sending"
    assert queue.release_expired(db, clock.now + timedelta(seconds=30)) == 0
    clock.now += timedelta(seconds=61)
    assert queue.release_expired(db, clock.now) == 1
    await outbox.settle()
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
    monkeypatch.setattr("bot.marks._MARK_WAITS", ())
    with monkeypatch.context() as patch:
        patch.setattr(queue, "sent", lambda *_: (_ for _ in ()).throw(OSError("away")))
        await outbox.settle()
    assert states(db)["x"][0] == "sending"
    work = asyncio.create_task(outbox.run())
    async with asyncio.timeout(5):
        while states(db)["x"][0] != "sent":  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.02)
    await outbox.stop(1)
    await work
    assert fake.sent == ["x"]


async def test_what_could_not_be_marked_is_marked_later_whatever_else_was(
    db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two ways of sending; the database is away for the marks of one, and answers those of the other."""
    monkeypatch.setattr(marks, "_MARK_WAITS", ())
    away, written = {"service"}, queue.sent

    def sent(db: Database, ids: list[int], rung: str, now: datetime) -> None:
        if rung in away:
            raise OSError
        written(db, ids, rung, now)

    monkeypatch.setattr(queue, "sent", sent)
    rows = [put(db, person(db), text) for text in ("a", "b")]
    queue.claim(db, NOON, 2, "me", 60, quiet=False)
    gathered = marks.Marks(db, clock, lambda: 0)
    await gathered.sent(rows[0], "service")
    await gathered.sent(rows[1], "template")
    assert states(db) == {"a": ("sending", None), "b": ("sent", None)}
    await gathered.again()
    assert states(db)["a"] == ("sending", None)
    away.clear()
    await gathered.again()
    assert states(db)["a"] == ("sent", None)
