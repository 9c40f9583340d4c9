"""Two hosts with one PostgreSQL, one cut off under load: the other goes on, nothing is lost, doubled or reordered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.causes import CAUSES, Scene
from tests.faults.hosts import Town, town
from tests.faults.network import Refused
from tests.faults.trial import trial

_BY = {cause.number: cause for cause in CAUSES}


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Town]:
    try:
        with town(tmp_path) as made:
            yield made
    except Refused as reason:
        pytest.skip(f"network namespaces are not allowed here: {reason}")


async def test_one_host_is_cut_from_the_database(hosts: Town) -> None:
    """Its residents are told in time that the message is recorded, and have the answer later, once."""
    try:
        await hosts.all_up()
        row = await trial(_BY["F7h"], Scene(hosts, random.Random(7), hurry=0.0), 1)
    finally:
        await hosts.close()
    print(row.cells())
    assert row.verdict.clean, row.verdict.wrong
    assert row.good, row.cells()
    assert row.promised, "nobody was told that a message is recorded"
