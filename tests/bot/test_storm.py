"""The same words too often to one person are stopped, whichever process sends them, and also after a restart."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select

from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from handlers.policy import Policy
from handlers.types import Rank, Sender
from storage import people, queue
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.schema import outbox
from tests.bot.outbox.kit import NOON, Clock, Fake
from tests.conftest import SECRET

WORDS = "修好了"
CODES = select(outbox.c.code).order_by(outbox.c.id)


def _person(db: Database) -> int:
    with db.writing() as conn:
        person = people.add_person(conn, "王某", "", 0, now=NOON)
        people.link_identity(conn, person, Sender("fake", "-", f"u{person}"), NOON)
    return person


def _put(db: Database, person: int, count: int, text: str = WORDS, rank: Rank = Rank.TASK) -> None:
    row = {"person": person, "ticket": 0, "kind": "notice", "rank": int(rank), "state": "waiting", "rung": ""}
    more = {"body": queue.body(text), "attempts": 0, "created": NOON, "next_at": NOON}
    with db.writing() as conn:
        conn.execute(insert(outbox), [{**row, **more, "id": new_id()} for _ in range(count)])


def _sender(db: Database, fake: Fake, clock: Clock, holder: str, times: int = 3) -> Outbox:
    """As after a restart: it knows nothing but what stands in the database."""
    return Outbox(
        db, {"fake": fake}, Policy(storm_times=times), Topics(), Metrics(), clock, per_second=1000,
        per_person_minute=60000, holder=holder,
    )  # fmt: skip


def _codes(db: Database) -> list[str | None]:
    with db.reading() as conn:
        return list(conn.execute(CODES).scalars())


async def test_so_often_in_five_minutes_and_no_more(database: Database) -> None:
    person, other, clock, fake = _person(database), _person(database), Clock(), Fake()
    sender = _sender(database, fake, clock, "one", Policy().storm_times)
    _put(database, person, 22)
    await sender.settle()
    assert fake.sent == [WORDS] * 20
    assert _codes(database) == [None] * 20 + ["storm"] * 2
    _put(database, person, 1, "别的话")
    _put(database, other, 1)
    await sender.settle()
    assert sorted(fake.sent[20:]) == sorted(["别的话", WORDS])
    clock.now += timedelta(minutes=5, seconds=1)
    _put(database, person, 1)
    await sender.settle()
    assert fake.sent.count(WORDS) == 22


async def test_processes_count_together_and_a_restart_forgets_nothing(database: Database) -> None:
    person, clock, fakes = _person(database), Clock(), [Fake(), Fake()]
    _put(database, person, 2)
    await _sender(database, fakes[0], clock, "one").settle()
    second = open_database(database.engine.url.render_as_string(hide_password=False), SECRET)
    try:
        _put(database, person, 3)
        await _sender(second, fakes[1], clock, "two").settle()
        assert [fake.sent for fake in fakes] == [[WORDS] * 2, [WORDS]]
        _put(database, person, 2)
        await _sender(database, fakes[0], clock, "three").settle()
    finally:
        second.close()
    assert [fake.sent for fake in fakes] == [[WORDS] * 2, [WORDS]]
    assert _codes(database) == [None] * 3 + ["storm"] * 4


async def test_what_was_stopped_does_not_count_and_bulk_is_not_counted(database: Database) -> None:
    person, clock, fake = _person(database), Clock(), Fake()
    sender = _sender(database, fake, clock, "one")
    _put(database, person, 4, "通知", Rank.BULK)
    _put(database, person, 8)
    await sender.settle()
    assert (fake.sent.count("通知"), fake.sent.count(WORDS)) == (4, 3)
    clock.now += timedelta(minutes=4)
    _put(database, person, 1)
    await sender.settle()
    assert fake.sent.count(WORDS) == 3
    clock.now += timedelta(minutes=2)  # the three are out of the window; the six that were stopped never left
    _put(database, person, 4)
    await sender.settle()
    assert fake.sent.count(WORDS) == 6
    with database.reading() as conn:
        marked = conn.execute(select(outbox.c.same, outbox.c.code, outbox.c.rank)).all()
    assert all((row.same is None) == (row.code == "storm" or row.rank == Rank.BULK) for row in marked)
