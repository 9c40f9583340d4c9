"""WeCom's API of our own, an application on it and the channel of that application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.client import WeComClient
from tests.channels.shelf import MemoryShelf
from tests.channels.wecom.fake_wecom import FakeWeCom
from tests.channels.wecom.ground import Ground
from tests.channels.wecom.kit import Clock, config


@pytest.fixture
async def api() -> AsyncIterator[FakeWeCom]:
    async with FakeWeCom() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ground() -> Ground:
    return Ground()


@pytest.fixture
async def channel(api: FakeWeCom, clock: Clock, ground: Ground) -> AsyncIterator[WeCom]:
    account = config(api_base=api.url)
    made = WeCom(account, WeComClient(account, MemoryShelf(), clock), ground, clock)
    yield made
    await made.close()
