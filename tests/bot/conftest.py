"""A whole program in the test's own folder, on a real port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from tests.bot.matters import Town
from tests.demo import demo_in


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """The demo with its clockwork running."""
    monkeypatch.chdir(tmp_path)
    app = await parts.start(load(data_dir=demo_in(tmp_path / "data")), demo=True)
    yield app
    await app.stop()


@pytest.fixture
async def browser(demo: App) -> AsyncIterator[ClientSession]:
    """A client of the demo over real HTTP."""
    runner, port = await listen(demo, "127.0.0.1", 0)
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await runner.cleanup()


@pytest.fixture
async def town(demo: App, browser: ClientSession) -> AsyncIterator[Town]:
    made = Town(demo, browser)
    await made.say("resident", "3幢2单元楼道灯坏了，我是302的")
    await made.say("resident", "对")
    yield made
