"""The desk of who is signed in at the demo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, CookieJar

from bot.app import App
from bot.server import listen
from tests.bot.volunteers.kit import Desk


@pytest.fixture
async def desk(demo: App) -> AsyncIterator[Desk]:
    runner, port = await listen(demo, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{port}"
    async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as session:
        made = Desk(demo, session, url)
        await made.log_in()
        yield made
    await runner.cleanup()
