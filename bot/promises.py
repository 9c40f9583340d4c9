"""What was promised and is still to be done: the spool, its replay, answers that were too late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container
from datetime import datetime

import structlog

from bot.handback import Handback
from bot.hearing import Hearing
from bot.logs import where
from bot.metrics import Metrics
from bot.spool import Spool
from handlers.read import Read
from handlers.types import Inbound, Outcome, Push, Rank, Reply, Sender
from storage.turns import Closed, Done, QueueFull, Turns, Unreachable

log = structlog.get_logger("gateway")

Pair = tuple[Sender, str]
AWAY = (QueueFull, Closed, Unreachable)  # the same message can succeed later; anything else is a bug
REPLAY_TRIES = 5  # of a spooled message that fails though the database works
# Said when neither the database nor the disk took the message: nothing may be promised then.
NOT_KEPT = "对不起，系统出了故障，这条没有记下。请过一会儿再发，或直接打社区电话。有危险请打110、119、120。"


class Promises:
    """`address` makes links whole. Nothing raises but what is said."""

    def __init__(
        self, turns: Turns, spool: Spool, hearing: Hearing, metrics: Metrics, clock: Callable[[], datetime],
        address: str,
    ) -> None:  # fmt: skip
        self._turns = turns
        self._spool = spool
        self._hearing = hearing
        self._metrics = metrics
        self._clock = clock
        self._address = address
        self._handback = Handback()
        self._tries: dict[Pair, int] = {}

    async def record(self, inbound: Inbound, words: str, *, stuck: bool = False) -> tuple[Reply, ...]:
        """The answer to a message without a turn: `words` when it is on disk, else that it was not kept."""
        try:
            await asyncio.to_thread(self._spool.add, inbound, stuck=stuck)
        except OSError as error:
            log.error("spool_failed", error=where(error))
            return (Reply(NOT_KEPT),)
        self._metrics.spooled.inc(0 if stuck else 1)
        return (Reply(words),)

    async def keep(self, inbound: Inbound) -> bool:
        """Whether a message whose turn is late is on disk, so that its answer may be promised."""
        try:
            await asyncio.to_thread(self._spool.add, inbound)
        except OSError as error:
            log.error("spool_failed", error=where(error))
            return False
        self._metrics.spooled.inc()
        return True

    async def follow(self, inbound: Inbound, late: Done | None) -> None:
        """The replies of a late turn go to the outbox; only then the spool forgets the message."""
        try:
            if late is not None:
                await self._push(late)
            await asyncio.to_thread(self._spool.done, inbound)
        except Exception as error:  # noqa: BLE001 - the spool still has it
            log.warning("late_reply_kept", error=where(error))

    async def replay(self, running: Container[Pair]) -> int:
        """Take the spooled messages up again, through the same inbox key; how many were finished."""
        finished = 0
        for inbound in await asyncio.to_thread(self._spool.waiting):
            pair = (inbound.sender, inbound.key)
            if pair in running:
                continue
            try:
                said = self._hearing.at_once(inbound) or await self._hearing.slowly(inbound)
                done = await self._handback.wait(self._turns.submit(inbound, said, self._clock()))
                await self._push(done)
            except Exception as error:  # noqa: BLE001 - what fails is counted and kept, the others go on
                if isinstance(error, AWAY):
                    break
                self._tries[pair] = self._tries.get(pair, 0) + 1
                log.error("replay_failed", error=where(error), tries=self._tries[pair])
                if self._tries[pair] >= REPLAY_TRIES:
                    await asyncio.to_thread(self._spool.done, inbound, stuck=True)
            else:
                await asyncio.to_thread(self._spool.done, inbound)
                self._tries.pop(pair, None)
                finished += 1
        self._metrics.spooled.set(await asyncio.to_thread(self._spool.count))
        return finished

    async def _push(self, done: Done) -> None:
        if not done.replies or not done.person:
            return
        said = [(self._words(reply), reply.choices) for reply in done.replies]
        if done.parts:
            said = [(done.parts[0], ())]  # the rest left with the turn
        pushes = tuple(Push(done.person, text, "reply", Rank.REPLY, choices=choices) for text, choices in said)

        def replies(_: Read) -> Outcome:
            return Outcome(pushes=pushes)

        await self._handback.wait(self._turns.run(replies, self._clock(), "gateway"))

    def _words(self, reply: Reply) -> str:
        return f"{reply.text}\n{self._address}{reply.link}" if reply.link else reply.text
