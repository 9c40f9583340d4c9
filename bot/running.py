"""A turn under way and who waits for its answer: the first and its copies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.logs import where
from handlers.types import Inbound, Reply
from storage.ids import turn_name

log = structlog.get_logger("gateway")

Replies = tuple[Reply, ...]
Told = Callable[[Replies | None], None]


class Running:
    """`since`: of the loop's clock."""

    __slots__ = ("inbound", "kept", "late", "since", "told")

    def __init__(self, inbound: Inbound, since: float) -> None:
        self.inbound = inbound
        self.since = since
        self.told: list[Told] = []
        self.kept: asyncio.Task[bool] | None = None  # when it takes too long: whether the message is on disk
        self.late = False  # whether somebody was told so

    def tell(self, replies: Replies) -> None:
        """Everybody who still waits. Raises nothing: a channel's bug must not stop the sender's next messages."""
        waiting, self.told = self.told, []
        for told in waiting:
            try:
                told(replies)
            except Exception as error:  # noqa: BLE001 - as promised above
                sender = self.inbound.sender
                log.error("bug", error=where(error), channel=sender.channel, turn=turn_name(sender, self.inbound.key))
