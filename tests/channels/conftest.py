"""The platform's API of our own, an account on it and the channel of that account."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.client import WeChatClient
from tests.channels.fake_wechat import FakeWeChat
from tests.channels.kit import Clock, config
from tests.channels.pushes import TEMPLATES, Window
from tests.channels.shelf import MemoryShelf


@pytest.fixture
async def api() -> AsyncIterator[FakeWeChat]:
    async with FakeWeChat() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
async def channel(api: FakeWeChat, clock: Clock, window: Window) -> AsyncIterator[WeChat]:
    account = config(api_base=api.url, templates=TEMPLATES)
    made = WeChat(account, WeChatClient(account, MemoryShelf(), clock), window, clock)
    yield made
    await made.close()


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
async def client(api: FakeWeChat, shelf: MemoryShelf, clock: Clock) -> AsyncIterator[WeChatClient]:
    made = WeChatClient(config(api_base=api.url), shelf, clock)
    yield made
    await made.close()
