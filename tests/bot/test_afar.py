"""With several gateways a page hears of what happened at another one as of what happened at its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from bot import afar
from bot.afar import Afar
from bot.live import Topics
from storage import bells
from storage.engine import Database, open_database
from tests.conftest import SECRET

WAIT = 10.0


@asynccontextmanager
async def process(database: Database, own: str) -> AsyncIterator[Topics]:
    db = open_database(database.engine.url.render_as_string(hide_password=False), SECRET)
    topics = Topics()
    task = asyncio.create_task(Afar(db, topics, own).run())
    try:
        yield topics
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(db.close)


def listening(database: Database) -> list[int]:
    with database.reading() as conn:
        found = text("SELECT pid FROM pg_stat_activity WHERE query = :query AND datname = current_database()")
        return list(conn.execute(found, {"query": f"LISTEN {bells.CHANNEL}"}).scalars())


async def all_listen(database: Database, count: int, but: frozenset[int] = frozenset()) -> list[int]:
    async with asyncio.timeout(WAIT):
        while True:
            found = [pid for pid in await asyncio.to_thread(listening, database) if pid not in but]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)


async def test_the_others_hear_it_and_who_said_it_hears_it_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.postgresql:
        pytest.skip("SQLite has one process")
    monkeypatch.setattr(afar, "AGAIN", 0.05)
    async with process(database, "one") as one, process(database, "two") as two:
        with one.subscribe("board", "person:7") as here, two.subscribe("board", "person:7") as there:
            before = await all_listen(database, 2)
            one.publish("board")
            for _ in range(300):
                one.publish("person:8")  # nobody waits for it
            one.publish("person:7")
            assert [await there.next(WAIT), await there.next(WAIT)] == ["board", "person:7"]
            assert [await here.next(WAIT), await here.next(WAIT), await here.next(0.3)] == ["board", "person:7", None]

            with database.writing() as conn:  # the connections are lost, those that call too
                every = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE :query")
                assert conn.execute(every, {"query": "SELECT pg_notify($%"}).scalars().all() == [True]
                conn.execute(text("SELECT pg_terminate_backend(:pid)"), [{"pid": pid} for pid in before])
            await all_listen(database, 2, frozenset(before))
            one.publish("person:7")
            assert [await here.next(WAIT), await there.next(WAIT)] == ["person:7", "person:7"]
            two.publish("board")
            assert await here.next(WAIT) == "board"


async def test_many_names_go_in_several_calls(database: Database) -> None:
    if not database.postgresql:
        pytest.skip("SQLite has one process")
    names = {f"person:{number}" for number in range(10**18, 10**18 + 3 * bells.MOST)}
    async with process(database, "one") as one:
        with one.subscribe(*names) as here:
            await all_listen(database, 1)
            bell = bells.Bell(database, "two")
            await asyncio.to_thread(bell.ring, names)
            assert {await here.next(WAIT) for _ in names} == names
            bell.close()
