"""How the program listens: what comes packed stays packed."""

from __future__ import annotations

import asyncio

from bot.app import App
from bot.server import listen


async def test_a_packed_body_is_never_unpacked(demo: App) -> None:
    """One 1 MB gzip body froze the loop for 1.3–3.2 s, though the handler had refused it (reliability.md §0.2).

    Whoever unpacks this one finds that it is no gzip, and ends the connection; who does not hears the next request.
    """
    running, port = await listen(demo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = b"POST /webchat/messages HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n"
    for request in (head + b"no gzip !", b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
        writer.write(request)
        await writer.drain()
        await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        answers = await reader.read()
    writer.close()
    await running.cleanup()
    assert answers.startswith(b"HTTP/1.1 415 ")
    assert b"HTTP/1.1 200 OK" in answers
