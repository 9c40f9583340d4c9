"""Turns in line with the loop: what is only theirs. What every turn is promised is in test_turns.py."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlers.policy import Policy
from handlers.types import Outcome, Turn
from nlp.types import NOTHING
from storage.engine import Database
from storage.inline import InLine
from storage.schema import inbox
from storage.turns import Turns, Unreachable
from tests.storage.kit import NOW, message, nothing, rows, take


async def say(turns: Turns, *keys: str) -> list[Any]:
    waiting = [asyncio.wrap_future(turns.submit(message(key), NOTHING, NOW)) for key in keys]
    return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)


async def closed(turns: Turns) -> None:
    await asyncio.to_thread(turns.close, 10)


async def test_messages_run_in_the_loop_and_share_a_commit(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    where, commits = set(), 0
    commit = InLine._commit

    def counted(self: InLine, *args: Any) -> None:
        nonlocal commits
        commits += 1
        commit(self, *args)

    def decide(turn: Turn, read: Any) -> Outcome:
        where.add(threading.get_ident())
        return take(turn, read)

    monkeypatch.setattr(InLine, "_commit", counted)
    turns = Turns(db, decide, Policy(), loop=asyncio.get_running_loop())
    await say(turns, *(f"m{number}" for number in range(40)))
    assert where == {threading.get_ident()}
    assert commits == 1
    await closed(turns)


@pytest.mark.parametrize("holder", ["this process", "another"])
async def test_while_somebody_else_writes_the_loop_goes_on(db: Database, file: Path, holder: str) -> None:
    turns = Turns(db, nothing, Policy(), loop=asyncio.get_running_loop())
    await say(turns, "m0")
    release: Callable[[], object]
    if holder == "another":
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        release = other.close
    else:
        writing = db.writing()
        writing.__enter__()
        release = lambda: writing.__exit__(None, None, None)  # noqa: E731
    waiting = asyncio.create_task(say(turns, "m1", "m2"))
    longest, last = 0.0, time.perf_counter()
    for _ in range(30):
        await asyncio.sleep(0.01)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    assert not waiting.done()
    assert longest < 0.25  # it was never held
    release()
    assert [type(done).__name__ for done in await waiting] == ["Done", "Done"]
    await closed(turns)


async def test_a_lock_that_is_never_given_back(db: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.inline.BUSY_SECONDS", 0.1)
    turns = Turns(db, nothing, Policy(), loop=asyncio.get_running_loop())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert [type(error) for error in await say(turns, "m1")] == [Unreachable]
    other.close()
    assert [done.copy for done in await say(turns, "m1")] == [False]
    await closed(turns)


async def test_a_commit_that_fails_is_done_again_by_each(db: Database) -> None:
    """The connection breaks between the statements and the commit."""
    turns = Turns(db, take, Policy(), loop=asyncio.get_running_loop())
    await say(turns, "m0")
    line = turns._line
    assert line is not None and line._connection is not None

    class Broken:
        def __init__(self, connection: Any) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

        def commit(self) -> None:
            raise sqlite3.OperationalError("disk I/O error")

    line._connection = Broken(line._connection)  # type: ignore[assignment]
    assert [done.copy for done in await say(turns, "m1", "m2", "m0")] == [False, False, True]
    assert [row.key for row in rows(db, inbox)] == ["m0", "m1", "m2"]
    assert [done.copy for done in await say(turns, "m3")] == [False]  # on a new connection
    await closed(turns)
