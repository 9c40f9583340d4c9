"""Turns stood still for ever when whoever is told of a commit, or of a failure, raised."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from handlers.policy import Policy
from handlers.types import Outcome, Turn
from nlp.types import NOTHING
from storage.engine import Database, open_database
from storage.turns import Done, Turns
from tests.conftest import SECRET
from tests.storage.kit import NOW, message


@pytest.fixture
def db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "jushe.db"
    file.write_bytes(sqlite_template.read_bytes())
    db = open_database(f"sqlite:///{file}", SECRET)
    yield db
    db.close()


def decide(turn: Turn, read: Any) -> Outcome:
    if turn.inbound.key == "bad":
        raise ValueError("a bug")
    return Outcome()


def whole(read: Any) -> Outcome:
    return Outcome()


@pytest.mark.parametrize("told", ["_finished", "_failed"])
@pytest.mark.parametrize("in_line", [True, False])
async def test_the_line_goes_on_whatever_the_told_one_does(
    db: Database, monkeypatch: pytest.MonkeyPatch, told: str, in_line: bool
) -> None:
    tell = getattr(Turns, told)
    broken = [True]

    def raises(self: Turns, units: Sequence[Any], given: Any) -> None:
        tell(self, units, given)
        if broken[0]:
            raise RuntimeError("the told one is broken")

    monkeypatch.setattr(Turns, told, raises)
    turns = Turns(db, decide, Policy(), loop=asyncio.get_running_loop() if in_line else None)
    first = message("bad" if told == "_failed" else "m0")
    await settled(turns.submit(first, NOTHING, NOW))
    await settled(turns.run(whole, NOW, "test"))
    broken[0] = False
    done = await settled(turns.submit(message("m1"), NOTHING, NOW))
    assert isinstance(done, Done) and not done.copy
    await asyncio.to_thread(turns.close, 10)


async def settled(future: Any) -> Any:
    (found,) = await asyncio.wait_for(asyncio.gather(asyncio.wrap_future(future), return_exceptions=True), 5)
    return found
