"""A town whose tickets are counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database
from tests.storage.tally.kit import Town


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    made = Town(database)
    yield made
    made.turns.close(10)
