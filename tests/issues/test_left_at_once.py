"""A page that was left while its stream began wrote a whole traceback into the log, as if the program had a fault."""

from __future__ import annotations

import logging

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web import guard


async def _left(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()  # as when the browser went on to another page
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    return response


async def test_who_is_gone_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    app = web.Application(middlewares=[guard])
    app.router.add_get("/", _left)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        with caplog.at_level(logging.WARNING, logger="aiohttp"), pytest.raises(aiohttp.ClientError):
            await session.get(server.make_url("/"))
    assert [record.message for record in caplog.records] == []
