"""A channel that failed while it wrote an answer stopped its sender: what came later waited behind it for ever."""

from __future__ import annotations

import asyncio

from bot.spool import Spool
from handlers.types import Reply
from tests.bot.gateway.conftest import spool, turns
from tests.bot.gateway.kit import FakeTurns, gateway, message

__all__ = ["spool", "turns"]  # fixtures


async def test_the_next_message_of_the_sender_is_answered(turns: FakeTurns, spool: Spool) -> None:
    def broken(replies: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    door = gateway(turns, spool)
    door.take(message("1"), broken)
    assert await asyncio.wait_for(door.receive(message("2")), 5) == (Reply("好的"),)
    assert len(turns.submitted) == 2
