"""A town whose tickets are counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database
from storage.read import forget_calendars
from tests.storage.tally.kit import Town


@pytest.fixture(autouse=True)
def _no_calendar_of_another_test() -> None:
    forget_calendars()


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    made = Town(database)
    yield made
    made.turns.close(10)
