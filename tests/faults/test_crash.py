"""kill -9 in mid-load and start again: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import random

from tests.faults.checker import check
from tests.faults.harness import House
from tests.faults.residents import Residents, sample_crowd

SEED = 20260601


async def test_killed_in_mid_load(house: House, full: bool) -> None:
    """Also with two processes on one PostgreSQL, of which one at a time dies."""
    chance = random.Random(SEED)
    await house.all_up()
    residents = Residents(house.ports, sample_crowd(), chance, copies=2)
    kills = 50 if full else 2
    under_way = True
    load = asyncio.create_task(residents.many(12, lambda _: under_way))
    try:
        for _ in range(kills):
            await residents.said(40)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            await house.crash(chance.choice(house.servers))
            assert not load.done(), "the load ended by itself"
    finally:
        under_way = False
        await load
    await house.spool_empty()
    house.end()
    found = check(house, residents.history)
    assert found["tickets"] >= 10 * kills, "too little happened between the kills"
    assert any(told.unknown for told in residents.history), "no message was under way when a process died"
