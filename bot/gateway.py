"""One message, one turn, one transaction: takes an Inbound, gives its replies; knows no channel's format."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from bot.handback import Handback
from bot.hearing import Hearing
from bot.logs import where
from bot.metrics import Metrics
from bot.promises import AWAY, Pair, Promises
from bot.running import Replies, Running, Told
from bot.spool import Spool
from bot.straight import Straight
from handlers import texts
from handlers.policy import Policy
from handlers.types import Inbound, Reply, Sender
from nlp.register import Register
from nlp.types import Understanding
from storage.ids import turn_name
from storage.turns import Done, QueueFull, Turns

log = structlog.get_logger("gateway")

CROWD = 128  # messages under way, two commits, before anybody is asked to wait
PATIENCE = 0.2  # part of the channel's time that the first of them has waited then
KEEP, SAY = 0.9, 0.98  # parts of the limit after which what is late is written down, and said: writing takes its time


class Late(Exception):  # a thing that happened, not a fault
    """No answer within the channel's time. The message is safe; its answer follows by the outbox."""


class Gateway:
    """The one way in. `clock` gives aware time; `limit` is how many seconds a channel waits.

    `near` reads the estates a sender lives in, asked only when the words alone fit too many places.
    """

    def __init__(
        self, turns: Turns, spool: Spool, register: Callable[[], Register], policy: Policy, metrics: Metrics,
        clock: Callable[[], datetime], *, limit: float = 4.5, address: str = "",
        near: Callable[[Sender], frozenset[int]] | None = None, log_turns: bool = False,
        warming: asyncio.Future[None] | None = None,
    ) -> None:  # fmt: skip
        self._turns = turns
        self._metrics = metrics
        self._clock = clock
        self._limit = limit
        self._hearing = Hearing(register, near, warming)
        self._promises = Promises(turns, spool, self._hearing, metrics, clock, address, self._crowded)
        self._straight = Straight(turns, self._hearing, policy, clock)
        self._handback = Handback()
        self._running: dict[Pair, Running] = {}
        self._lines: dict[Sender, deque[Running]] = {}  # who has a turn under way, and what waits behind it
        self._log_turns = log_turns
        self._crowd = False
        self._due: deque[tuple[float, Running, Told]] = deque()  # by time: every one waits equally long
        self._timer: asyncio.TimerHandle | None = None
        self._after: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def receive(self, inbound: Inbound) -> Replies:
        """The replies to one message; every copy of it gets the same.

        Raises Late just before `limit` seconds are over, once the message is on disk. Never raises anything else:
        a bug becomes an apology with a way to a person, a lost database a promise that is kept.
        """
        answer: asyncio.Future[Replies | None] = asyncio.get_running_loop().create_future()

        def told(replies: Replies | None) -> None:
            if not answer.done():  # who asked may have gone
                answer.set_result(replies)

        self.take(inbound, told)
        replies = await answer
        if replies is None:
            raise Late
        return replies

    def take(self, inbound: Inbound, told: Told) -> None:
        """The same without a task: `told(replies)` is called once in the loop, with None when it is late."""
        pair = (inbound.sender, inbound.key)
        loop = self._loop = self._loop or asyncio.get_running_loop()
        now = loop.time()
        running = self._running.get(pair)
        if running is None:
            line = self._lines.get(inbound.sender)
            free = line is None and not self._promises.behind(inbound.sender)
            if given := self._straight.answer(inbound, now, free=free):
                replies, outcome = given
                if outcome == "answered":
                    self._count(inbound, outcome, now)
                else:  # a flood's hush is no answer's time
                    self._metrics.message(inbound.sender.channel, outcome)
                told(replies)
                return
            running = self._running[pair] = Running(inbound, now)
            running.told.append(told)
            if line is None:
                self._lines[inbound.sender] = deque()
                self._begin(pair, running)
            else:
                line.append(running)  # in the order it was written, whatever becomes of the one before
        else:
            running.told.append(told)
        due = now + self._limit * KEEP
        self._due.append((due, running, told))
        if self._timer is None:
            self._timer = loop.call_at(due, self._nearly_late)

    async def replay(self) -> int:
        """Take the spooled messages up again, through the same inbox key; how many were finished."""
        return await self._promises.replay(self._running)

    async def settle(self, seconds: float) -> None:
        """Wait until no turn is under way, at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while self._running or self._after:
                    await (asyncio.wait(self._after) if self._after else asyncio.sleep(0.01))
        except TimeoutError:
            pass

    def _begin(self, pair: Pair, running: Running) -> None:
        if self._promises.behind(running.inbound.sender):
            self._background(self._behind(pair, running))
            return
        try:
            said = self._hearing.at_once(running.inbound)
            if said is None:
                self._background(self._hear(pair, running))
            elif said.urgency != "emergency" and self._crowded():
                self._background(self._record(pair, running, QueueFull("a crowd")))
            else:
                self._submit(pair, running, said)
        except Exception as error:  # noqa: BLE001 - a bug of the reading, or no room for the turn
            self._background(self._record(pair, running, error))

    def _crowded(self) -> bool:
        """Whether who comes now had better hear at once that the answer will follow, so that not all are late."""
        crowded = False
        if len(self._running) >= CROWD and self._due and self._loop is not None:
            crowded = self._due[0][0] - self._loop.time() < self._limit * (KEEP - PATIENCE)
        if crowded is not self._crowd:
            self._crowd = crowded
            log.warning("crowd" if crowded else "crowd_over", under_way=len(self._running))
        return crowded

    async def _behind(self, pair: Pair, running: Running) -> None:
        """Earlier messages of the sender wait in the spool: they first; when they cannot, this one behind them."""
        await self._promises.replay(self._running, running.inbound.sender)
        if self._promises.behind(running.inbound.sender):
            await self._record(pair, running, QueueFull("earlier messages wait"))
        else:
            await self._hear(pair, running)

    async def _hear(self, pair: Pair, running: Running) -> None:
        try:
            self._submit(pair, running, await self._hearing.slowly(running.inbound))
        except Exception as error:  # noqa: BLE001 - as in _begin
            await self._record(pair, running, error)

    def _submit(self, pair: Pair, running: Running, said: Understanding) -> None:
        told = self._handback.to_loop(partial(self._settled, pair, running))
        self._turns.take(running.inbound, said, self._clock(), told)

    def _settled(self, pair: Pair, running: Running, done: Done | BaseException) -> None:
        if isinstance(done, BaseException):
            self._background(self._record(pair, running, done))
            return
        replies = (Reply(done.parts[0]),) if done.parts else done.replies  # the rest is in the outbox by now
        self._finish(pair, running, replies, "copy" if done.copy else "answered")
        if running.kept is not None:
            self._background(self._promises.follow(running.inbound, running.kept, done if running.late else None))

    async def _record(self, pair: Pair, running: Running, error: BaseException) -> None:
        """The one place where bugs are caught; a database that is away is none."""
        inbound = running.inbound
        if isinstance(error, AWAY):
            if not isinstance(error, QueueFull):  # in a crowd not a line for each
                log.warning("database_down", error=where(error), turn=turn_name(*pair))
            replies, outcome = await self._promises.record(inbound, texts.RECORDED), "spooled"
        else:
            log.error("bug", error=where(error), channel=inbound.sender.channel, turn=turn_name(*pair))
            replies, outcome = await self._promises.record(inbound, texts.SORRY, stuck=True), "bug"
        self._finish(pair, running, replies, outcome)

    def _finish(self, pair: Pair, running: Running, replies: Replies, outcome: str) -> None:
        del self._running[pair]
        self._count(running.inbound, outcome, running.since)
        running.tell(replies)
        while self._due and not self._due[0][1].told:
            self._due.popleft()
        if line := self._lines[pair[0]]:
            after = line.popleft()
            self._begin((pair[0], after.inbound.key), after)
        else:
            del self._lines[pair[0]]

    def _count(self, inbound: Inbound, outcome: str, since: float) -> None:
        assert self._loop is not None
        seconds, channel = self._loop.time() - since, inbound.sender.channel
        self._metrics.message(channel, outcome)
        self._metrics.turn_seconds.observe(seconds)
        if self._log_turns:
            name = turn_name(inbound.sender, inbound.key)
            log.info("turn", turn=name, channel=channel, outcome=outcome, ms=round(seconds * 1000))

    def _nearly_late(self) -> None:
        """The message of every waiter whose time is nearly over goes to disk, so that it can be said in time."""
        assert self._loop is not None
        self._timer = None
        now = self._loop.time()
        while self._due and (self._due[0][0] <= now or not self._due[0][1].told):
            due, running, told = self._due.popleft()
            if told in running.told:
                self._background(self._say_late(running, told, due + self._limit * (SAY - KEEP)))
        if self._due:
            self._timer = self._loop.call_at(self._due[0][0], self._nearly_late)

    async def _say_late(self, running: Running, told: Told, at: float) -> None:
        """`at`: of the loop's clock; until then the answer itself may still come."""
        if running.kept is None:
            running.kept = asyncio.ensure_future(self._promises.keep(running.inbound))
        if not await running.kept:
            return  # without the disk no promise can be kept, so the channel's own retry must help
        assert self._loop is not None
        await asyncio.sleep(at - self._loop.time())
        if told in running.told:
            running.told.remove(told)
            running.late = True
            told(None)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._after.add(task)
        task.add_done_callback(self._after.discard)
