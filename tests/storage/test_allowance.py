"""Silent limits counted on both databases: never one too many in any span, in any number of processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from storage import allowance
from storage.allowance import Limit
from storage.engine import Database, open_database
from tests.conftest import SECRET

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
LIMITS = (Limit(3, 60.0), Limit(5, 3600.0), Limit(7, 9 * 3600.0, user=False))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_minute_and_an_hour_and_the_account(database: Database) -> None:
    def take(seconds: float, user: str = "li") -> float:
        return allowance.take(database, "corp", user, at(seconds), LIMITS)

    assert [take(second) for second in (0, 10, 20)] == [0, 0, 0]
    assert take(30) == 30  # until the first has left the minute
    assert take(59.5) == 0.5
    assert take(60) == 0
    assert take(75) == 0
    assert take(200) == 3400  # five within the hour
    assert take(200, "wang") == 0
    assert take(201, "wang") == 0
    assert take(202, "wang") == pytest.approx(9 * 3600 - 202)  # seven of the account
    assert allowance.take(database, "other", "li", at(202), LIMITS) == 0


def test_nothing_is_taken_while_it_waits(database: Database) -> None:
    one = (Limit(1, 60.0),)
    assert allowance.take(database, "corp", "li", at(0), one) == 0
    for second in range(1, 60):
        assert allowance.take(database, "corp", "li", at(second), one) == 60 - second
    assert allowance.take(database, "corp", "li", at(60), one) == 0


def test_several_processes_share_one_limit(database_url: str) -> None:
    several = [open_database(database_url, SECRET) for _ in range(3)]

    def take(number: int) -> float:
        return allowance.take(several[number % 3], "corp", "li", at(0), (Limit(10, 60.0),))

    with ThreadPoolExecutor(6) as pool:
        waits = list(pool.map(take, range(40)))
    for db in several:
        db.close()
    assert sum(wait == 0 for wait in waits) == 10


def test_what_nobody_looks_at_is_taken_away(database: Database) -> None:
    for hours in (0, 30, 60):
        allowance.take(database, "corp", "li", NOW + timedelta(hours=hours), LIMITS)
    assert allowance.forget(database, NOW + timedelta(hours=60)) == 1
