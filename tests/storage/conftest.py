"""What every storage test finds: no calendar of another one, and the register's town if it asks for it."""

from __future__ import annotations

import pytest

from storage.engine import Database
from storage.read import forget_calendars
from tests.storage.town import Town, build


@pytest.fixture(autouse=True)
def _no_calendar_of_another_test() -> None:
    forget_calendars()


@pytest.fixture
def town(database: Database) -> Town:
    return build(database)
