"""What every storage test finds: no calendar of another one, and the register's town if it asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Database, open_database
from storage.read import forget_calendars
from tests.conftest import SECRET
from tests.storage.town import Town, build


@pytest.fixture(autouse=True)
def _no_calendar_of_another_test() -> None:
    forget_calendars()


@pytest.fixture
def town(database: Database) -> Town:
    return build(database)


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """An empty SQLite database, for what only it has."""
    path = tmp_path / "jushe.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def db(file: Path) -> Iterator[Database]:
    db = open_database(f"sqlite:///{file}", SECRET)
    yield db
    db.close()
