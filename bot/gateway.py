"""One message, one turn, one transaction: takes an Inbound, gives its replies; knows no channel's format."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

import nlp
from bot.handback import Handback
from bot.logs import where
from bot.metrics import Metrics
from bot.pace import Pace
from bot.spool import Spool
from handlers import texts
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Inbound, Outcome, Push, Rank, Reply, Sender
from nlp.register import Register
from nlp.types import NOTHING, Understanding
from storage.turns import Closed, Done, QueueFull, Turns, Unreachable

log = structlog.get_logger("gateway")

LONG = 512  # characters; more is understood in a thread (reliability.md §6.7: jieba on long texts)
SHORT = 8  # characters; 对, 1, 接单, 查进度 come again and again and are read once
HEARD_MOST = 4096
LONGEST = 4000  # characters read at all; the record keeps every word
AWAY = (QueueFull, Closed, Unreachable)  # the same message can succeed later; anything else is a bug
REPLAY_TRIES = 5  # of a spooled message that fails though the database works
# Said when neither the database nor the disk took the message: nothing may be promised then.
NOT_KEPT = "对不起，系统出了故障，这条没有记下。请过一会儿再发，或直接打社区电话。有危险请打110、119、120。"


class Late(Exception):  # a thing that happened, not a fault
    """No answer within the channel's time. The message is safe; its answer follows by the outbox."""


@dataclass(slots=True)
class _Running:
    """A turn under way; its copies wait for the same task."""

    task: asyncio.Task[_Answer]
    waiters: list[asyncio.Future[bool]] = field(default_factory=list)
    late: bool = False

    def finished(self, _: asyncio.Task[_Answer]) -> None:
        for waiter in self.waiters:
            if not waiter.done():
                waiter.set_result(True)

    async def within(self, seconds: float) -> bool:
        """Whether the turn ended in time. One timer and one future, because this is once a message."""
        if self.task.done():
            return True
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self.waiters.append(waiter)
        timer = loop.call_later(seconds, _give_up, waiter)
        try:
            return await waiter
        finally:
            timer.cancel()


def _give_up(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(False)


@dataclass(frozen=True, slots=True)
class _Answer:
    replies: tuple[Reply, ...]
    done: Done | None = None  # None: no turn was committed


class Gateway:
    """The one way in. `clock` gives aware time; `limit` is how many seconds a channel waits.

    `near` reads the estates a sender lives in, asked only when the words alone fit too many places.
    """

    def __init__(
        self,
        turns: Turns,
        spool: Spool,
        register: Callable[[], Register],
        policy: Policy,
        metrics: Metrics,
        clock: Callable[[], datetime],
        *,
        limit: float = 4.5,
        address: str = "",
        near: Callable[[Sender], frozenset[int]] | None = None,
    ) -> None:
        self._turns = turns
        self._spool = spool
        self._register = register
        self._policy = policy
        self._metrics = metrics
        self._clock = clock
        self._limit = limit
        self._address = address
        self._near = near
        self._pace = Pace(policy)
        self._handback = Handback()
        self._heard: dict[str, Understanding] = {}  # of short texts, for one register
        self._heard_in: Register | None = None
        self._running: dict[tuple[Sender, str], _Running] = {}
        self._after: set[asyncio.Task[None]] = set()
        self._tries: dict[tuple[Sender, str], int] = {}

    async def receive(self, inbound: Inbound) -> tuple[Reply, ...]:
        """The replies to one message; every copy of it gets the same.

        Raises Late after `limit` seconds, once the message is on disk. Never raises anything else:
        a bug becomes an apology with a way to a person, a lost database a promise that is kept.
        """
        pair = (inbound.sender, inbound.key)
        running = self._running.get(pair)
        if running is None:
            held = self._hold_back(inbound)
            if held is not None:
                return held
            running = self._running[pair] = _Running(asyncio.create_task(self._turn(inbound)))
            running.task.add_done_callback(lambda _: self._running.pop(pair, None))
            running.task.add_done_callback(running.finished)
        if await running.within(self._limit):
            return running.task.result().replies
        return await self._too_late(inbound, running)

    async def replay(self) -> int:
        """Take the spooled messages up again, through the same inbox key; how many were finished."""
        finished = 0
        for inbound in await asyncio.to_thread(self._spool.waiting):
            pair = (inbound.sender, inbound.key)
            if pair in self._running:
                continue
            try:
                said = await self._understand(inbound)
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

    async def settle(self, seconds: float) -> None:
        """Wait until no turn is under way, at most `seconds`."""
        tasks: set[asyncio.Task[Any]] = {running.task for running in self._running.values()} | self._after
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    def _hold_back(self, inbound: Inbound) -> tuple[Reply, ...] | None:
        """The answer to a sender who writes too much; None lets the message pass, as danger always does."""
        if inbound.event == "unfollow":
            return None
        verdict = self._pace.hear(inbound.sender, inbound.key, asyncio.get_running_loop().time())
        if verdict == "pass":
            return None
        if inbound.text and nlp.understand(inbound.text[:LONG], self._register()).urgency == "emergency":
            return None
        self._metrics.messages.labels(inbound.sender.channel, "held_back").inc()
        return {"fast": (Reply(texts.TOO_FAST),), "many": (Reply(texts.TOO_MANY),)}.get(verdict, ())

    async def _turn(self, inbound: Inbound) -> _Answer:
        structlog.contextvars.bind_contextvars(turn=uuid.uuid4().hex[:12])
        start = asyncio.get_running_loop().time()
        outcome = "answered"
        try:
            said = await self._understand(inbound)
            done = await self._handback.wait(self._turns.submit(inbound, said, self._clock()))
            outcome = "copy" if done.copy else "answered"
            return _Answer(done.replies, done)
        except Exception as error:  # noqa: BLE001 - the one place where bugs are caught
            if isinstance(error, AWAY):
                outcome = "spooled"
                log.warning("database_down", error=where(error))
                return await self._record(inbound, texts.RECORDED)
            outcome = "bug"
            log.error("bug", error=where(error), channel=inbound.sender.channel)
            return await self._record(inbound, texts.SORRY, stuck=True)
        finally:
            self._metrics.messages.labels(inbound.sender.channel, outcome).inc()
            self._metrics.turn_seconds.observe(asyncio.get_running_loop().time() - start)

    async def _understand(self, inbound: Inbound) -> Understanding:
        text = inbound.text[:LONGEST]
        if not text:
            return NOTHING
        register = self._register()
        said = await self._read(text, register, inbound.at)
        if self._near and any(place.crowded for place in (said.place, *(part.place for part in said.issues))):
            # 「3幢2单元」 stands in half the city: the estates of this person's homes settle it.
            near = await asyncio.to_thread(self._near, inbound.sender)
            if near:
                said = await self._read(text, register.around(near), inbound.at)
        return said

    async def _read(self, text: str, register: Register, at: datetime) -> Understanding:
        if len(text) > LONG:
            return await asyncio.to_thread(nlp.understand, text, register, now=at)
        if len(text) > SHORT:
            return nlp.understand(text, register, now=at)
        if self._heard_in is not register or len(self._heard) > HEARD_MOST:
            self._heard, self._heard_in = {}, register
        said = self._heard.get(text)
        if said is None:
            said = nlp.understand(text, register, now=at)
            if said.until is None:  # what names a day means another day tomorrow
                self._heard[text] = said
        return said

    async def _record(self, inbound: Inbound, words: str, *, stuck: bool = False) -> _Answer:
        try:
            await asyncio.to_thread(self._spool.add, inbound, stuck=stuck)
        except OSError as error:
            log.error("spool_failed", error=where(error))
            return _Answer((Reply(NOT_KEPT),))
        self._metrics.spooled.inc(0 if stuck else 1)
        return _Answer((Reply(words),))

    async def _too_late(self, inbound: Inbound, running: _Running) -> tuple[Reply, ...]:
        if not running.late:
            running.late = True
            try:
                await asyncio.to_thread(self._spool.add, inbound)
            except OSError as error:
                log.error("spool_failed", error=where(error))
                running.late = False
                return (await running.task).replies  # no promise can be kept, so the channel's own retry must help
            self._metrics.spooled.inc()
            self._background(self._follow(inbound, running.task))
        raise Late

    async def _follow(self, inbound: Inbound, task: asyncio.Task[_Answer]) -> None:
        """When a late turn is done its replies go to the outbox; only then the spool forgets it."""
        answer = await task
        if answer.done is None:
            return  # the spool keeps it, the replay takes it up
        try:
            await self._push(answer.done)
            await asyncio.to_thread(self._spool.done, inbound)
        except Exception as error:  # noqa: BLE001 - the spool still has it
            log.warning("late_reply_kept", error=where(error))

    async def _push(self, done: Done) -> None:
        if not done.replies or not done.person:
            return
        pushes = tuple(
            Push(done.person, self._words(reply), "reply", Rank.REPLY, choices=reply.choices)
            for reply in done.replies
        )

        def replies(_: Read) -> Outcome:
            return Outcome(pushes=pushes)

        await self._handback.wait(self._turns.run(replies, self._clock(), "gateway"))

    def _words(self, reply: Reply) -> str:
        return f"{reply.text}\n{self._address}{reply.link}" if reply.link else reply.text

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._after.add(task)
        task.add_done_callback(self._after.discard)
