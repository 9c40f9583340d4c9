"""A worker over a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import pytest

from bot.channels.base import Channel
from bot.live import Topics
from bot.metrics import Metrics
from bot.outbox import Outbox
from handlers.policy import Policy
from storage.engine import Database, open_database
from tests.bot.outbox.kit import Clock, Fake
from tests.conftest import SECRET


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    with closing(open_database(sqlite_url, SECRET)) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(db: Database, clock: Clock) -> AsyncIterator[tuple[Fake, Outbox]]:
    fake = Fake()
    channels: dict[str, Channel] = {"fake": fake}
    yield fake, Outbox(db, channels, Policy(), Topics(), Metrics(), clock, per_second=1000, per_person_minute=60000)
