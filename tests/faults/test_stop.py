"""SIGTERM under load with an open stream: ends by itself in time, and nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import http.client
import random
import time
from http.cookies import SimpleCookie

import pytest

from tests.faults.checker import check
from tests.faults.harness import House
from tests.faults.residents import Residents, sample_crowd

LIMIT = 10.0  # seconds


async def test_terminated_under_load(house: House, full: bool) -> None:
    if house.several and not full:
        pytest.skip("stopping has nothing to do with the database; tried on both with --full")
    chance = random.Random(3)
    server = await house.up()
    residents = Residents(house.ports, sample_crowd(), chance)
    user = await asyncio.to_thread(_token, server.port)
    under_way = True
    load = asyncio.create_task(residents.many(24, lambda _: under_way))
    try:
        for _ in range(10 if full else 1):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"GET /webchat/events?user={user} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            await residents.said(40)
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            began = time.monotonic()
            status = await asyncio.to_thread(server.stop, LIMIT + 5)
            assert (status, time.monotonic() - began < LIMIT) == (0, True), server.tail()
            assert await reader.read() is not None  # the stream has its end, not a reset
            writer.close()
            house.servers.remove(server)
            server = await house.up(server.port)
    finally:
        under_way = False
        await load
    await house.spool_empty()
    assert await house.stop() == [0]
    found = check(house, residents.history)
    assert not found["unwritten"]
    assert found["tickets"] >= 10, "too little happened"


def _token(port: int) -> str:
    """What the chat page gives a browser that comes for the first time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/chat")
        return SimpleCookie(connection.getresponse().headers["Set-Cookie"])["jushe_chat"].value
    finally:
        connection.close()
