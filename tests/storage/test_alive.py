"""One leads, the next takes over when it dies or says nothing; who lives is known without a clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from handlers.types import Rank
from storage import alive, queue
from storage.alive import Alive, number
from storage.engine import Database, open_database
from storage.watched import Watched
from tests.conftest import SECRET
from tests.storage.kit import NOW, at
from tests.storage.test_queue import put


@pytest.fixture
def pair(database: Database, database_url: str, tmp_path: Path) -> Iterator[tuple[Alive, Alive]]:
    """Two processes on one database."""
    other = open_database(database_url, SECRET)
    yield Alive(database, "p1", tmp_path / "run"), Alive(other, "p2", tmp_path / "run")
    other.close()


def _follows(second: Alive) -> None:
    """PostgreSQL ends a session, and lets its locks go, a moment after its connection was closed."""
    until = time.monotonic() + 10
    while not second.look():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_one_leads_and_the_next_follows(pair: tuple[Alive, Alive]) -> None:
    first, second = pair
    assert (first.look(), second.look()) == (True, False)
    assert (first.look(), second.look()) == (True, False)
    assert first.living() == second.living() == {number("p1"), number("p2")}
    first.close()
    _follows(second)
    assert second.living() == {number("p2")}
    assert not first.look()
    second.close()


def test_a_lead_that_is_not_confirmed_is_not_believed(
    pair: tuple[Alive, Alive], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    assert first.look()
    monkeypatch.setattr(alive, "VALID", 0.0)
    assert not first.leading
    first.close()
    second.close()


def test_the_frozen_lose_the_lead(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed is the session, not the process: only the server can tell that somebody says nothing any more."""
    if not database.postgresql:
        pytest.skip("files are let go when a process dies, not when it is frozen")
    monkeypatch.setattr(alive, "IDLE", 0.3)
    first = Alive(database, "p1", tmp_path)
    second = Alive(open_database(database_url, SECRET), "p2", tmp_path)
    assert first.look()
    _follows(second)
    assert not first.look()  # its session is gone; it comes back as a follower
    assert not first.look()
    first.close()
    second.close()


def test_nobody_waits_for_ever_for_an_answer(database: Database) -> None:
    if not database.postgresql:
        pytest.skip("SQLite has no server that could be frozen")
    pooled = database.engine.raw_connection()
    inner = pooled.driver_connection
    assert isinstance(inner, Watched)
    inner.patience = 0.2
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        inner.execute("SELECT pg_sleep(20)")
    assert time.monotonic() - began < 5
    pooled.invalidate()
    database.check()  # the next connection is a new one


def test_what_the_dead_had_in_hand_waits_again_as_unknown(database: Database) -> None:

    put(database, (1, Rank.TASK))
    [mine] = queue.claim(database, NOW, 10, "pdead", 60, quiet=False)
    assert not mine.unsure
    assert queue.release_expired(database, at(600)) == 0, "a jump of the clock takes nothing from the living"
    assert queue.holders(database) == {"pdead"}
    assert queue.release_of(database, {"pother"}) == 0
    assert queue.release_of(database, {"pdead"}) == 1
    [again] = queue.claim(database, NOW, 10, "pnew", 60, quiet=False)
    assert again.unsure
    queue.retry(database, again.id, at(1), "connect", "pdead")  # fenced: it is not his any more
    queue.failed(database, again.id, "gone", NOW, "pdead")
    assert queue.holders(database) == {"pnew"}
