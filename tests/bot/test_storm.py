"""The same words too often to one person are stopped, in the outbox too."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert, select

from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.storm import Storm
from handlers.policy import Policy
from handlers.types import Sender
from storage import people, queue, schema
from storage.engine import open_database
from storage.ids import new_id
from tests.bot.test_outbox import NOON, Clock, Fake


def test_twenty_in_five_minutes_and_no_more() -> None:
    storm = Storm(20, 300)
    assert [storm.is_one(1, "修好了", second) for second in range(22)] == [False] * 20 + [True] * 2
    assert not storm.is_one(2, "修好了", 25) and not storm.is_one(1, "别的话", 25)
    assert not storm.is_one(1, "修好了", 301) and not storm.is_one(1, "修好了", 302)
    assert [storm.is_one(1, "修好了", 302) for _ in range(3)] == [False, True, True]


async def test_the_outbox_gives_up_what_is_a_storm(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'storm.db'}", "k" * 32)
    db.migrate()
    with db.writing() as conn:
        person = people.add_person(conn, "王某", "", 0, now=NOON)
        people.link_identity(conn, person, Sender("fake", "-", "a"), NOON)
        row = {"person": person, "ticket": 0, "kind": "notice", "rank": 3, "state": "waiting", "rung": ""}
        more = {"body": queue.body("修好了"), "attempts": 0, "created": NOON, "next_at": NOON}
        conn.execute(insert(schema.outbox), [{**row, **more, "id": new_id()} for _ in range(5)])
    fake = Fake()
    outbox = Outbox(
        db,
        {"fake": fake},
        Policy(storm_times=3),
        Topics(),
        Metrics(),
        Clock(),
        per_second=1000,
        per_person_minute=60000,
    )
    await outbox.settle()
    assert fake.sent == ["修好了"] * 3
    with db.reading() as conn:
        codes = list(conn.execute(select(schema.outbox.c.code).order_by(schema.outbox.c.id)).scalars())
    assert codes == [None, None, None, "storm", "storm"]
    db.close()
