"""A service once ended by a signal of the system: a database thread ran on while the interpreter was taken down."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from handlers.policy import Policy
from nlp.types import NOTHING
from storage.engine import Database
from storage.inline import InLine
from storage.turns import Turns
from tests.storage.kit import NOW, message, nothing


@pytest.mark.parametrize("in_line", [True, False], ids=["in line with the loop", "threads of its own"])
async def test_no_database_thread_outlives_the_door(
    database: Database, monkeypatch: pytest.MonkeyPatch, in_line: bool
) -> None:
    """However long a thread takes for its last word."""
    seen: list[threading.Thread] = []

    def dawdling(work: object) -> object:
        def run(*given: object) -> None:
            seen.append(threading.current_thread())
            work(*given)  # type: ignore[operator]
            time.sleep(0.3)

        return run

    monkeypatch.setattr(InLine, "_do", dawdling(InLine._do))
    monkeypatch.setattr(Turns, "_work", dawdling(Turns._work))
    turns = Turns(database, nothing, Policy(), loop=asyncio.get_running_loop() if in_line else None)
    await asyncio.wait_for(asyncio.wrap_future(turns.submit(message("m1"), NOTHING, NOW)), 20)
    await asyncio.to_thread(turns.close, 10)
    assert seen and not any(thread.is_alive() for thread in seen)
