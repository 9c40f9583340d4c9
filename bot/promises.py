"""What was promised and is still to be done: the spool, its replay, answers that were too late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.handback import Handback
from bot.hearing import Hearing
from bot.logs import where
from bot.metrics import Metrics
from bot.spool import Spool
from bot.together import Together
from handlers import texts
from handlers.read import Read
from handlers.types import Inbound, Outcome, Push, Rank, Reply, Sender
from storage.ids import turn_name
from storage.turns import Closed, Done, QueueFull, Turns, Unreachable

log = structlog.get_logger("gateway")

Pair = tuple[Sender, str]
T = TypeVar("T")
AWAY = (QueueFull, Closed, Unreachable)  # the same message can succeed later; anything else is a bug
AT_MOST = 500  # messages that are done and stand in the spool: they are looked up again after a crash
TOGETHER = 64  # senders whose messages are taken up at once
REST = 1.0  # seconds without a try after the database was found away
REPLAY_TRIES = 5  # of a spooled message that fails though the database works


class Promises:
    """`address` makes links whole; while there is a `crowd` nothing is replayed. Nothing raises but what is said."""

    def __init__(
        self, turns: Turns, spool: Spool, hearing: Hearing, metrics: Metrics, clock: Callable[[], datetime],
        address: str, crowd: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._turns = turns
        self._spool = spool
        self._hearing = hearing
        self._metrics = metrics
        self._clock = clock
        self._address = address
        self._crowd = crowd
        self._handback = Handback()
        # threads of its own: while the database hangs, jobs and pages hold every other one for seconds
        self._disk = ThreadPoolExecutor(2, thread_name_prefix="spool")
        # one wait for the disk, and one new file, for all that come together
        self._add = Together(self._added, threads=self._disk)
        self._done = Together(self._crossed_out, threads=self._disk)
        self._following: set[Pair] = set()  # their turns are done, their answers on the way to the outbox
        self._tries: dict[Pair, int] = {}
        self._kept: dict[Sender, set[str]] = {}  # keys of what waits in the spool and has no turn under way
        self._replaying = asyncio.Lock()
        self._away_until = 0.0  # of the loop's clock

    async def _on_disk(self, work: Callable[..., T], *given: object, **more: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, partial(work, *given, **more))

    def _added(self, messages: Sequence[Inbound]) -> Sequence[None]:
        self._spool.add(*messages)
        return [None] * len(messages)

    def _crossed_out(self, finished: Sequence[Inbound]) -> Sequence[None]:
        self._spool.done(*finished)
        return [None] * len(finished)

    async def record(self, inbound: Inbound, words: str, *, stuck: bool = False) -> tuple[Reply, ...]:
        """The answer to a message without a turn: `words` when it is on disk, else that it was not kept."""
        try:
            await (self._on_disk(self._spool.add, inbound, stuck=True) if stuck else self._add(inbound))
        except OSError as error:
            log.error("spool_failed", error=where(error))
            return (Reply(texts.NOT_KEPT),)
        if not stuck:
            self._metrics.spooled.inc()
            self._kept.setdefault(inbound.sender, set()).add(inbound.key)
        return (Reply(words),)

    async def keep(self, inbound: Inbound) -> bool:
        """Whether a message whose turn is late is on disk, so that its answer may be promised."""
        try:
            await self._add(inbound)
        except OSError as error:
            log.error("spool_failed", error=where(error))
            return False
        self._metrics.spooled.inc()
        return True

    def follow(self, inbound: Inbound, kept: Awaitable[bool], late: Done | None) -> Coroutine[Any, Any, None]:
        """The replies of a late turn go to the outbox; only then the spool forgets the message.

        From the call on, not only from when it is awaited, no replay takes the message up beside it.
        """
        self._following.add((inbound.sender, inbound.key))
        return self._follow(inbound, kept, late)

    async def _follow(self, inbound: Inbound, kept: Awaitable[bool], late: Done | None) -> None:
        try:
            if not await kept:
                return
            if late is not None:
                await self._push(inbound, late)
            await self._done(inbound)
        except Exception as error:  # noqa: BLE001 - the spool still has it
            log.warning("late_reply_kept", error=where(error))
        finally:
            self._following.discard((inbound.sender, inbound.key))

    def behind(self, sender: Sender) -> bool:
        """Whether earlier messages of this sender wait in the spool: what comes now must not overtake them."""
        return sender in self._kept

    async def replay(self, running: Container[Pair], of: Sender | None = None) -> int:
        """Take the spooled messages up again, through the same inbox key; how many were finished.

        Each sender's in order, many senders together. When the database is still away the next second is not tried.
        `of`: nothing is done when somebody else's look took this sender's up meanwhile.
        """
        async with self._replaying:
            if self._must_rest() or (of is not None and of not in self._kept):
                return 0
            lines: dict[Sender, list[Inbound]] = {}
            following = self._following.copy()  # as it was before the look, which may still see what ends meanwhile
            for inbound in await self._on_disk(self._spool.waiting):
                pair = (inbound.sender, inbound.key)
                if pair not in running and pair not in following:
                    lines.setdefault(inbound.sender, []).append(inbound)
                    self._kept.setdefault(inbound.sender, set()).add(inbound.key)
            senders, left, finished = list(lines), sum(map(len, lines.values())), 0
            done: list[Inbound] = []
            for start in range(0, len(senders), TOGETHER):
                now: list[Inbound] = []
                await asyncio.gather(*(self._again(lines[who], now) for who in senders[start : start + TOGETHER]))
                self._forget(now)
                done += now
                rest = self._must_rest()
                over = rest or start + TOGETHER >= len(senders)
                # the file is written anew each time: not for every handful
                if over or 2 * len(done) >= left or len(done) >= AT_MOST:
                    await self._on_disk(self._spool.done, *done)
                    left, finished, done = left - len(done), finished + len(done), []
                if rest:
                    break
            self._metrics.spooled.set(await self._on_disk(self._spool.count))
        return finished

    def _must_rest(self) -> bool:
        return asyncio.get_running_loop().time() < self._away_until or self._crowd()

    async def _again(self, line: list[Inbound], done: list[Inbound]) -> None:
        """One sender's messages, until one must wait."""
        loop = asyncio.get_running_loop()
        for inbound in line:
            if loop.time() < self._away_until:
                return
            pair = (inbound.sender, inbound.key)
            try:
                said = self._hearing.at_once(inbound) or await self._hearing.slowly(inbound)
                turn = await self._handback.wait(self._turns.submit(inbound, said, self._clock()))
                await self._push(inbound, turn)
            except Exception as error:  # noqa: BLE001 - what fails is counted and kept, the others go on
                if isinstance(error, AWAY):
                    self._away_until = loop.time() + REST
                    return
                self._tries[pair] = self._tries.get(pair, 0) + 1
                log.error("replay_failed", error=where(error), tries=self._tries[pair], turn=turn_name(*pair))
                if self._tries[pair] < REPLAY_TRIES:
                    return  # those behind it keep their place
                await self._on_disk(self._spool.done, inbound, stuck=True)
                self._forget([inbound])
            else:
                done.append(inbound)
            self._tries.pop(pair, None)

    def _forget(self, finished: Sequence[Inbound]) -> None:
        for inbound in finished:
            keys = self._kept.get(inbound.sender, set())
            keys.discard(inbound.key)
            if not keys:
                self._kept.pop(inbound.sender, None)

    async def _push(self, inbound: Inbound, done: Done) -> None:
        """What a turn answered too late, by the outbox; once, however often it is tried."""
        if not done.replies or not done.person:
            return
        said = [(self._words(reply), reply.choices) for reply in done.replies]
        if done.parts:
            said = [(done.parts[0], ())]  # the rest left with the turn
        pushes = tuple(Push(done.person, text, "reply", Rank.REPLY, choices=choices) for text, choices in said)

        def replies(_: Read) -> Outcome:
            return Outcome(pushes=pushes)

        name = f"{turn_name(inbound.sender, inbound.key)}r"
        await self._handback.wait(self._turns.run(replies, self._clock(), "gateway", name=name))

    def _words(self, reply: Reply) -> str:
        return f"{reply.text}\n{self._address}{reply.link}" if reply.link else reply.text
