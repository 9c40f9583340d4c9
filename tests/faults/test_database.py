"""The database stops answering under load: everybody is answered in time, nothing is lost, doubled or reordered."""

from __future__ import annotations

import random

from tests.faults.causes import CAUSES, Scene
from tests.faults.harness import House
from tests.faults.proxy import Proxy
from tests.faults.trial import trial

_BY = {cause.number: cause for cause in CAUSES}


async def test_away_under_load(house: House) -> None:
    """A black hole and a refusal on PostgreSQL, the write lock in other hands on SQLite."""
    scene = Scene(house, random.Random(7), hurry=0.6)
    if house.several:
        scene.proxy = Proxy(house.url)
        await scene.proxy.open()
        house.via = scene.proxy.url
    await house.up()
    number = "F6" if house.several else "F16"
    row = await trial(_BY[number], scene, 1)
    if scene.proxy:
        await scene.proxy.close()
    print(row.cells())
    assert row.verdict.clean, row.verdict.wrong
    assert row.good, row.cells()
    assert row.verdict.seen["tickets"] > 5
