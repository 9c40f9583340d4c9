"""Hundreds of senders, each message delivered three times at once: one effect, one answer, in order."""

from __future__ import annotations

import asyncio
import random

from tests.bench.traffic import SMALL_TALK
from tests.faults.checker import check
from tests.faults.harness import House
from tests.faults.residents import Line, Residents, Told, sample_crowd

GAP = 0.02  # seconds between messages of one sender who does not wait for answers


async def test_three_copies_at_once_have_one_effect(house: House, full: bool) -> None:
    """On PostgreSQL two processes share the copies, as behind a load balancer."""
    await house.all_up()
    senders = 1000 if full else 120
    residents = Residents(house.ports, sample_crowd(), random.Random(1), copies=3)
    await residents.many(64, lambda begun: begun < senders)
    await house.spool_empty()  # on a full machine some are answered late
    house.end()
    found = check(house, residents.history)
    assert not found["unwritten"]
    assert found["tickets"] == senders
    answered = sum(len(told.answers) for told in residents.history)
    assert answered == 3 * len(residents.history), "a copy was not answered"


async def test_messages_written_without_waiting_keep_their_order(house: House, full: bool) -> None:
    """Each next message comes on another connection, while the one before may still be under way."""
    server = await house.up()
    residents = Residents(house.ports, sample_crowd(), random.Random(2))
    rounds = 5 if full else 1
    for _ in range(rounds):
        await asyncio.gather(*(_burst(residents, server.port) for _ in range(40)))
    await house.spool_empty()  # on a full machine some are answered late
    house.end()
    found = check(house, residents.history)
    assert not found["unwritten"]
    assert found["messages"] == rounds * 40 * 5


async def _burst(residents: Residents, port: int) -> None:
    name = residents.crowd.newcomer().name
    lines = [Line(port) for _ in range(5)]
    for line in lines:
        await line.open()
    asked = []
    for line, words in zip(lines, SMALL_TALK, strict=False):
        number = residents.writer.new_id()
        told = Told(name, words, number, residents.writer.text(name, words, number))
        residents.history.append(told)
        asked.append(asyncio.create_task(line.ask(told.request)))
        await asyncio.sleep(GAP)
    for told, body in zip(residents.history_of(name), await asyncio.gather(*asked), strict=True):
        assert body is not None, "not answered"
        told.answers.append(residents.writer.read(body))
    for line in lines:
        line.close()
