"""The town of these tests with its office."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database
from tests.announcements.kit import RESIDENTS, Office, settle_in


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    settle_in(database, RESIDENTS)
    found = Office(database)
    yield found
    found.close()
