"""Every test of this folder runs both ways in which the program takes turns."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from storage.turns import Turns
from tests.storage import kit


@pytest.fixture(params=["threads", "in line"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In threads, and as the program runs them: in line with its event loop (which counts on SQLite)."""
    if request.param == "threads":
        yield
        return
    real, loop = Turns, asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def made(*args: Any, **more: Any) -> Turns:
        async def make() -> Turns:
            return real(*args, **more, loop=loop)

        return asyncio.run_coroutine_threadsafe(make(), loop).result(10)

    monkeypatch.setattr(kit, "Turns", made)
    yield
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()
