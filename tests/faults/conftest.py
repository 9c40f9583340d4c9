"""A house on each database, ended whatever a test did; and how much of the faults to try."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.harness import House


@pytest.fixture
def house(empty_url: str, tmp_path: Path) -> Iterator[House]:
    """The sample community is in; no process runs yet."""
    made = House(empty_url.replace("postgresql://", "postgresql+psycopg://", 1), tmp_path / "house")
    made.furnish()
    yield made
    made.end()


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    """Whether `--full` was said: the numbers of a release instead of those of a quick run."""
    return bool(pytestconfig.getoption("--full", default=False))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Fifty kills take minutes: the time-out of an ordinary test is none for `--full`."""
    if config.getoption("--full", default=False):
        for item in items:
            if "tests/faults" in item.path.as_posix():
                item.add_marker(pytest.mark.timeout(1800))
