"""The outbox worker on a real database with a channel that fails as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import insert, select, update

from bot import marks
from bot.channels.base import Channel, SendFailed
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import ATTEMPTS, Outbox, quiet
from handlers import texts
from handlers.policy import Policy
from handlers.types import Rank, Sender
from storage import people, queue, schema, view_messages
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.queue import Outgoing

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)  # 23:00


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Fake:
    """A channel; `plan` names for each text what happens, one entry a try."""

    name: str = "fake"
    sent: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    plan: dict[str, list[BaseException]] = field(default_factory=dict)
    slow: float = 0.0
    now: int = 0
    most: int = 0

    async def send(self, out: Outgoing) -> str:
        self.tries.append(out.text)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(self.slow)
        self.now -= 1
        planned = self.plan.get(out.text.removesuffix(texts.MAYBE_AGAIN))
        if planned:
            raise planned.pop(0)
        self.sent.append(out.text)
        return "service"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path / 'outbox.db'}", "k" * 32)
    database.migrate()
    return database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(db: Database, clock: Clock) -> AsyncIterator[tuple[Fake, Outbox]]:
    fake = Fake()
    channels: dict[str, Channel] = {"fake": fake}
    yield fake, Outbox(db, channels, Policy(), Topics(), Metrics(), clock, per_second=1000, per_person_minute=60000)
    db.close()


def person(db: Database, channel: str = "fake") -> int:
    with db.writing() as conn:
        found = people.add_person(conn, "", "", 0, now=NOON)
        if channel:
            people.link_identity(conn, found, Sender(channel, "-", f"u{found}"), NOON)
    return found


def put(db: Database, to: int, text: str, rank: Rank = Rank.TASK, at: datetime = NOON) -> int:
    with db.writing() as conn:
        row = new_id()
        conn.execute(
            insert(schema.outbox).values(
                id=row, person=to, kind="task", rank=int(rank), body=queue.body(text), state="waiting",
                created=at, next_at=at,
            )
        )  # fmt: skip
    return row


def states(db: Database) -> dict[str, tuple[str, str | None]]:
    with db.reading() as conn:
        rows = conn.execute(select(schema.outbox)).mappings().all()
    return {orjson.loads(row["body"])["text"]: (row["state"], row["code"]) for row in rows}


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
    db.close()


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
    db.close()


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
    db.close()
