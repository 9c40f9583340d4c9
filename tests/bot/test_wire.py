"""The short way for callbacks: what it takes, that it answers as aiohttp does, and when it lets go."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot import wire
from bot.usual import Pairs
from bot.wire import Answer, Answered, Wire, Wires
from tests.bot.wire_kit import BODY, request

Opened = Callable[..., Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Site:
    """Both ways to one answer; `slow` keeps the short way's answers until it is emptied."""

    def __init__(self) -> None:
        self.took: list[tuple[Pairs, bytes]] = []
        self.slow: list[Callable[[], None]] | None = None
        self.wires: Wires

    def take(self, query: Pairs, body: bytes, answered: Answered) -> None:
        self.took.append((query, body))
        answer = Answer(f"{query}:".encode() + body, last=("last", "1") in query)
        if self.slow is None:
            answered(answer)
        else:
            self.slow.append(lambda: answered(answer))

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(body=f"{list(request.query.items())}:".encode() + await request.read())


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def connect(site: Site) -> AsyncIterator[Opened]:
    app = web.Application()
    app.router.add_post("/call", site.page)
    app.router.add_get("/page", site.page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    pages = runner.server
    assert pages
    site.wires = Wires(pages, {"/call": site.take}, lambda: len(pages.connections), 3)
    server = await asyncio.get_running_loop().create_server(site.wires, "127.0.0.1", 0)
    writers: list[asyncio.StreamWriter] = []

    async def opened() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writers.append(writer)
        return reader, writer

    yield opened
    for writer in writers:
        writer.close()
    server.close()
    await site.wires.close(0)
    await runner.cleanup()


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    async with asyncio.timeout(5):
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        return int(status.split()[1]), fields, await reader.readexactly(int(fields["content-length"]))


async def test_both_ways_answer_alike(site: Site, connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(request())
    short = await answer(reader)
    writer.write(request("/call?a=1&b=x-_.%7E2"))  # the same, escaped: aiohttp's from here on
    long = await answer(reader)
    assert short[0] == long[0] == 200
    assert short[2] == long[2] == f"{site.took[0][0]}:".encode() + BODY
    assert len(site.took) == 1
    assert short[1].keys() >= {"date", "server", "content-type", "content-length"}


@pytest.mark.parametrize("seed", range(8))
async def test_pieces_and_requests_in_a_row_are_answered_in_order(site: Site, connect: Opened, seed: int) -> None:
    chance = random.Random(seed)
    bodies = [f"<xml>{number}</xml>".encode() * chance.randint(0, 400) for number in range(6)]
    asked = b"".join(request(f"/call?n={number}", body) for number, body in enumerate(bodies))
    reader, writer = await connect()
    writer.transport.get_extra_info("socket").setsockopt(6, 1, 1)  # TCP_NODELAY
    while asked:
        size = chance.randint(1, 2500)
        writer.write(asked[:size])
        asked = asked[size:]
        await asyncio.sleep(0.001)
    for number, body in enumerate(bodies):
        assert (await answer(reader))[2] == f"{[('n', str(number))]}:".encode() + body


async def test_a_page_on_a_callbacks_connection(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(request() + b"GET /page?x=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await answer(reader))[2].endswith(BODY)
    assert (await answer(reader))[2] == b"[('x', '1')]:"


async def test_what_comes_while_an_answer_is_made_waits(site: Site, connect: Opened) -> None:
    site.slow = []
    reader, writer = await connect()
    writer.write(request("/call?n=1"))
    writer.write(request("/call?n=2"))
    for number in (1, 2):
        async with asyncio.timeout(5):
            while not site.slow:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.005)
        assert len(site.slow) == 1
        site.slow.pop()()
        assert (await answer(reader))[2].startswith(f"[('n', '{number}')]".encode())


async def test_what_one_connection_comes_to_keeps_no_answer_from_another(
    site: Site, connect: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.slow = []
    (_, bad), (reader, good) = await connect(), await connect()
    for number, writer in enumerate((bad, good), 1):
        writer.write(request(f"/call?n={number}"))
        async with asyncio.timeout(5):
            while len(site.slow) < number:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.005)
    write, broken = Wire.write, list[BaseException]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context["exception"]))

    def once(self: Wire, data: bytes, *, last: bool) -> None:
        monkeypatch.setattr(Wire, "write", write)
        raise OSError

    monkeypatch.setattr(Wire, "write", once)
    for answered in site.slow:  # in one round of the loop
        answered()
    assert (await answer(reader))[2].startswith(b"[('n', '2')]")
    assert [type(error) for error in broken] == [OSError]


async def test_a_body_that_comes_slowly_is_aiohttps(
    site: Site, connect: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PIECES", 0.0)
    reader, writer = await connect()
    writer.write(request()[:-3])
    await asyncio.sleep(1.3)
    assert site.wires.open == set()
    writer.write(request()[-3:])
    assert (await answer(reader))[2].endswith(BODY)
    assert site.took == []


async def test_a_refused_request_ends_its_connection(site: Site, connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(request("/call?last=1") + request())
    status, fields, _ = await answer(reader)
    assert (status, fields["connection"]) == (200, "close")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    assert len(site.took) == 1


async def test_too_many_connections_are_refused(connect: Opened) -> None:
    kept = [await connect() for _ in range(3)]
    kept[0][1].write(b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await answer(kept[0][0]))[0] == 200  # counted though it is aiohttp's now
    reader, _ = await connect()
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(1), 5)
    kept[1][1].write(request())
    assert (await answer(kept[1][0]))[0] == 200
    kept[2][1].close()
    await asyncio.sleep(0.05)
    reader, writer = await connect()
    writer.write(request())
    assert (await answer(reader))[0] == 200


async def test_idle_ones_end_and_the_end_waits_for_answers(
    site: Site, connect: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "KEEP_ALIVE", 0.0)
    idle, _ = await connect()
    assert await asyncio.wait_for(idle.read(), 5) == b""
    site.slow = []
    reader, writer = await connect()
    writer.write(request())
    async with asyncio.timeout(5):
        while not site.slow:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)
    ending = asyncio.create_task(site.wires.close(5))
    await asyncio.sleep(0.05)
    assert not ending.done()
    site.slow.pop()()
    assert (await answer(reader))[0] == 200
    await asyncio.wait_for(ending, 2)
