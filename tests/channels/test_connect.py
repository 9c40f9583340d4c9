"""The account on a real database: one token for several processes, the window counted there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.channels.tencent.shelf import DatabaseShelf
from bot.channels.wechat.connect import connect
from handlers.types import Rank
from storage import schema
from storage.engine import open_database
from storage.queue import Outgoing
from tests.channels.fake_wechat import TEMPLATE, TOKEN, FakeWeChat
from tests.channels.kit import START, WHO, Clock, config
from tests.conftest import SECRET


async def test_two_processes_one_token_and_five_messages(sqlite_url: str) -> None:
    clock = Clock()
    first, second = (open_database(sqlite_url, SECRET) for _ in range(2))
    until = START + timedelta(hours=48)
    with first.writing() as conn:
        conn.execute(schema.persons.insert().values(id=1, created=START))
        conn.execute(
            schema.identities.insert().values(
                channel=WHO.channel, account=WHO.account, user=WHO.user, person=1, followed=True, seen=START,
                window_until=until, window_left=5,
            )
        )  # fmt: skip
    async with FakeWeChat() as api:
        account = config(api_base=api.url, templates={"task": "TPL1"})
        channels = [connect(account, db, clock) for db in (first, second)]
        rows = [
            Outgoing(number, 1, WHO, "新工单", (), "task", Rank.TASK, 1, (), 1, START, until, 5)
            for number in range(8)
        ]
        rungs = await asyncio.gather(*(channels[row.id % 2].send(row) for row in rows))
        assert sorted(rungs) == ["service"] * 5 + ["template"] * 3
        assert (len(api.sent), len(api.to(TEMPLATE)), len(api.to(TOKEN))) == (5, 3, 1)
        api.expire_token()
        await asyncio.gather(*(channels[row.id % 2].send(row) for row in rows))
        assert len(api.to(TOKEN)) == 2
        for channel in channels:
            await channel.close()
    shelf = DatabaseShelf(first, f"wechat:{account.app_id}")
    assert shelf.read(clock()) == api.token
    clock.forward(7200)
    assert shelf.read(clock()) is None
    for db in (first, second):
        db.close()
