"""Sends what the turns left in the outbox: claim, send, mark. Knows order and limits, no platform's codes."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.bucket import Buckets
from bot.channels.base import Channel, SendFailed
from bot.live import Topics
from bot.logs import where
from bot.marks import Marks
from bot.metrics import Metrics
from handlers import texts
from handlers.announcements.chat import quiet
from handlers.policy import Policy
from storage import addresses, queue
from storage.engine import Database
from storage.outgoing import AGAIN, SHARED, UNKNOWN, UNSURE
from storage.queue import Outgoing

log = structlog.get_logger("outbox")

ATTEMPTS = 6
BACK_OFF = (2.0, 10.0, 30.0, 120.0, 600.0)  # seconds after the 1st … 5th failure, ± 20 %
LEASE = 60.0  # seconds a claimed row is ours; longer than any send
SEND_LIMIT = 20.0  # seconds one send may take
POLL = 0.5  # seconds between looks when nobody wakes us: rows of other processes and due retries
PATIENCE = 20.0  # seconds a row waits here for its turn under a rate cap; longer waits go back to the table


class Outbox:
    """The worker. One a process; several processes share the table by leases.

    Guarantees: per person a later push never leaves before an earlier one; a crash between send and mark
    repeats that message at most; nothing is lost. `chance` jitters the back-off.
    """

    def __init__(
        self, db: Database, channels: Mapping[str, Channel], policy: Policy, topics: Topics, metrics: Metrics,
        clock: Callable[[], datetime], *, per_second: float = 50.0, per_person_minute: float = 60.0,
        at_once: int = 32, chance: random.Random | None = None, link: Callable[[Outgoing], str] = lambda out: "",
        holder: str = "", log_turns: bool = False,
    ) -> None:  # fmt: skip
        self._db = db
        self._channels = channels
        self._policy = policy
        self._topics = topics
        self._metrics = metrics
        self._clock = clock
        self._accounts = Buckets(per_second, max(1.0, per_second))
        self._people = Buckets(per_person_minute / 60, 10.0)
        self._at_once = at_once
        self._link = link
        self._chance = chance or random.Random()  # noqa: S311 - jitter, no secret
        self._log_turns = log_turns
        self._holder = holder or uuid.uuid4().hex
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._stopping = False
        self._busy = False  # whether the last look found some
        self.looked = self._loop.time()  # when rows were last asked for with success
        self._sending: set[asyncio.Task[None]] = set()
        self._counters: dict[str, Counter] = {}  # by rung: once a push, so they are kept
        self._marks = Marks(db, clock, lambda: len(self._sending))

    def wake(self) -> None:
        """Something was committed; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping:
            self._event.clear()
            if len(self._sending) > self._at_once // 2:
                # Claimed in handfuls: with a backlog every look costs more than a send, whoever wakes us.
                await self._pause()
                continue
            try:
                await self._marks.again()
                found = await self._claim()
            except Exception as error:  # noqa: BLE001 - the worker outlives a database that is away
                log.warning("claim_failed", error=where(error))
                found = 0
                await asyncio.sleep(POLL)
            if not found:
                await self._pause()

    async def settle(self) -> None:
        """Send until nothing is due: for the terminal and for tests, which wait for every push."""
        while await self._claim() or self._sending:
            if self._sending:
                await asyncio.wait(self._sending)

    async def stop(self, seconds: float) -> None:
        """Claim no more, let what is being sent finish, at most `seconds`."""
        self._stopping = True
        self._event.set()
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)
        for task in self._sending:
            task.cancel()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._event.wait()
        except TimeoutError:
            pass

    async def _claim(self) -> int:
        room = self._at_once - len(self._sending)
        if room <= 0:
            return 0
        now = self._clock()
        rows = await asyncio.to_thread(
            queue.claim, self._db, now, room, self._holder, LEASE, quiet=quiet(now, self._policy),
            channels=tuple(self._channels), since=now - timedelta(minutes=self._policy.storm_minutes),
            busy=self._busy,
        )  # fmt: skip
        self.looked = self._loop.time()
        self._busy = bool(rows)
        together: defaultdict[int, list[Outgoing]] = defaultdict(list)
        for row in rows:
            together[row.person].append(row)
        for mine in together.values():
            task = asyncio.create_task(self._in_order(mine))
            self._sending.add(task)
            task.add_done_callback(self._finished)
        return len(rows)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if len(self._sending) <= self._at_once // 2:  # in handfuls: a look for every send costs more than it
            self._event.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("bug", error=where(error))

    async def _in_order(self, rows: list[Outgoing]) -> None:
        """One person's rows, one after the other; when one must wait, those behind it wait with it."""
        for place, row in enumerate(rows):
            wait = await self._deliver(row)
            if wait is not None:
                for later in rows[place + 1 :]:
                    await self._retry(later, wait, "behind")
                return

    async def _deliver(self, row: Outgoing) -> float | None:
        """None when the row is finished (sent or failed), else seconds until it is tried again."""
        channel = self._channels.get(row.sender.channel) if row.sender else None
        if row.sender is None or channel is None:
            await self._give_up(row, "no_channel" if row.sender else "no_identity")
            return None
        if row.repeats >= self._policy.storm_times:
            log.error("push_storm", outbox=row.id, kind=row.kind)  # something writes the same to one person on and on
            await self._give_up(row, queue.STORM)
            return None
        for buckets, name in ((self._people, row.person), (self._accounts, (row.sender.channel, row.sender.account))):
            wait = buckets.take(name, self._loop.time(), PATIENCE)
            if wait > PATIENCE:
                return await self._retry(row, wait, "paced")
            if wait:
                await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(SEND_LIMIT):
                rung = await channel.send(_again(replace(row, link=self._link(row)), channel))
        except SendFailed as failure:
            return await self._failed(row, failure)
        except TimeoutError:
            return await self._failed(row, SendFailed("timeout", retry=True))
        except Exception as error:  # noqa: BLE001 - a channel's bug must not stop the others' pushes
            log.error("bug", error=where(error), outbox=row.id)
            return await self._failed(row, SendFailed("bug", retry=True))
        await self._marks.sent(row.id, rung)
        counter = self._counters.get(rung)
        if counter is None:
            counter = self._counters[rung] = self._metrics.pushes.labels(rung)
        counter.inc()
        if self._log_turns:
            log.info("push", turn=row.turn, outbox=row.id, kind=row.kind, rung=rung, attempts=row.attempts)
        self._topics.publish(f"person:{row.person}")
        return None

    async def _failed(self, row: Outgoing, failure: SendFailed) -> float | None:
        if failure.stop_endpoint and row.sender is not None:
            account = (row.sender.channel, row.sender.account)
            self._accounts.block(account, self._loop.time() + failure.stop_endpoint)
        if failure.gone and row.sender is not None:
            other = await asyncio.to_thread(addresses.gone, self._db, row.sender)
            if other and row.attempts < ATTEMPTS:
                return await self._retry(row, 0.0, failure.code)  # the next look finds the other address
        if not failure.retry or row.attempts >= ATTEMPTS:
            await self._give_up(row, failure.code)
            return None
        wait = failure.wait if failure.wait is not None else failure.stop_endpoint
        if wait is None:
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1] * self._chance.uniform(0.8, 1.2)
        return await self._retry(row, wait, failure.code)

    async def _retry(self, row: Outgoing, wait: float, code: str) -> float:
        self._metrics.pushes.labels("retry").inc()
        # what may have arrived stays so, whatever hindered this try
        code = AGAIN if row.again else UNKNOWN if row.unsure else code
        at = self._clock() + timedelta(seconds=wait)
        await asyncio.to_thread(queue.retry, self._db, row.id, at, code, self._holder)
        return wait

    async def _give_up(self, row: Outgoing, code: str) -> None:
        if row.kind in SHARED:  # each recipient's reason stands on the announcement's page: no line, no alarm
            self._metrics.pushes.labels(f"announced:{code}").inc()
            code = UNKNOWN if row.unsure and code not in UNSURE else code  # who sends it again has to know
        else:
            log.warning("push_failed", turn=row.turn, outbox=row.id, code=code, kind=row.kind, attempts=row.attempts)
            self._metrics.pushes.labels(f"failed:{code}").inc()
        await asyncio.to_thread(queue.failed, self._db, row.id, code, self._clock(), self._holder)


def _again(row: Outgoing, channel: Channel) -> Outgoing:
    """A push that may have arrived says so, unless the channel shows what comes twice only once."""
    if not row.unsure or (getattr(channel, "drops_repeats", False) and not row.again):
        return row
    return replace(row, text=row.text + texts.MAYBE_AGAIN)
