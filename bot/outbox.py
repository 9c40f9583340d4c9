"""Sends what the turns left in the outbox: claim, send, mark. Knows order and limits, no platform's codes."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter

from bot.bucket import Buckets
from bot.channels.base import Channel, SendFailed, counted, marked_again
from bot.live import Topics
from bot.logs import where
from bot.metrics import Metrics
from bot.rounds import POLL, Rounds
from handlers.announcements.chat import quiet
from handlers.policy import Policy
from storage import addresses, queue, windows
from storage.engine import Database
from storage.outgoing import AGAIN, SHARED, UNKNOWN, UNSURE
from storage.queue import Outgoing

log = structlog.get_logger("outbox")

ATTEMPTS = 6
BACK_OFF = (2.0, 10.0, 30.0, 120.0, 600.0)  # seconds after the 1st … 5th failure, ± 20 %
LEASE = 60.0  # seconds a claimed row is ours; longer than any send
SEND_LIMIT = 20.0  # seconds one send may take
AHEAD = 0.25  # seconds a row is claimed and paid for before the rate cap of its account lets it leave
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
        self._rounds = Rounds()
        self._one = asyncio.Lock()  # one round at a time
        self._stopping = False
        self._backlog = False  # whether the last round took as many as there was room for
        self.looked = self._loop.time()  # when rows were last asked for with success
        self._sending: set[asyncio.Task[None]] = set()
        self._counters: dict[str, Counter] = {}  # by rung: once a push, so they are kept
        self._unmarked: list[tuple[int, str, int]] = []  # what was sent since the last round: (row, rung, person)

    def wake(self) -> None:
        """Something was committed; from any thread."""
        self._rounds.wake()

    async def run(self) -> None:
        """Work until `stop`."""
        self._rounds.now()
        while not self._stopping:
            called = await self._rounds.next()
            try:
                if not await self._round(called=called) and not called:
                    self._rounds.idle()
            except Exception as error:  # noqa: BLE001 - the worker outlives a database that is away
                log.warning("claim_failed", error=where(error), unmarked=len(self._unmarked))
                await asyncio.sleep(POLL)
            self._rounds.pause()

    async def settle(self) -> None:
        """Send until nothing is due: for the terminal and for tests, which wait for every push."""
        while await self._round(called=True) or self._sending:
            if self._sending:
                await asyncio.wait(self._sending)

    async def stop(self, seconds: float) -> None:
        """Claim no more, let what is being sent finish, at most `seconds`."""
        self._stopping = True
        self._rounds.now()
        try:
            async with asyncio.timeout(seconds):
                async with self._one:  # what a round under way takes is sent too
                    pass
                if self._sending:
                    await asyncio.wait(self._sending)
                await self._round(called=False)
        except Exception as error:  # noqa: BLE001 - too late, or the database is away: it is sent again, and says so
            log.warning("stopped_early", error=where(error), unmarked=len(self._unmarked))
        for task in self._sending:
            task.cancel()

    async def _round(self, *, called: bool) -> bool:
        """Mark what was sent and take what is due, in one transaction; whether there was any of either."""
        async with self._one:
            space = 0 if self._stopping else max(0, self._at_once - len(self._sending))
            # What the rate caps hold back stays in the table, where the more pressing goes before it.
            least, most = self._accounts.within(self._loop.time(), AHEAD)
            paced = 0 <= most < space  # less than none: stopped for long, so that it goes back to the table
            room = max(int(most), 0 if self._sending else 1) if paced else space
            sent, self._unmarked = self._unmarked, []
            if not room and not sent:
                return False
            kept = counted(self._channels) if least >= room else {}
            try:
                rows = await asyncio.to_thread(self._take, room, sent, kept, called=called)
            except BaseException:
                self._unmarked = sent + self._unmarked  # they stay ours: they were sent, and are not again
                raise
            self.looked = self._loop.time()
            self._backlog = 0 < room == len(rows) and not paced
            if rows and paced:
                self._rounds.hold()
                self._rounds.soon()
            for _, _, person in sent:
                self._topics.publish(f"person:{person}")
            for row in rows:
                task = asyncio.create_task(self._deliver(row))
                self._sending.add(task)
                task.add_done_callback(self._finished)
            return bool(rows or sent)

    def _take(
        self, room: int, sent: Sequence[tuple[int, str, int]], kept: Mapping[str, int], *, called: bool
    ) -> list[Outgoing]:
        """In a thread."""
        now = self._clock()
        by_rung: defaultdict[str, list[int]] = defaultdict(list)
        for row, rung, _ in sent:
            by_rung[rung].append(row)
        return queue.claim(
            self._db, now, room, self._holder, LEASE, quiet=quiet(now, self._policy),
            channels=tuple(self._channels), since=now - timedelta(minutes=self._policy.storm_minutes),
            busy=called or self._backlog, sent=by_rung, kept=kept,
        )  # fmt: skip

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        if self._backlog and len(self._sending) <= self._at_once // 2:
            self._rounds.now()  # in handfuls: a look for every send costs more than it
        else:
            self._rounds.soon()
        if not task.cancelled() and (error := task.exception()):
            log.error("bug", error=where(error))

    async def _deliver(self, row: Outgoing) -> None:
        channel = self._channels.get(row.sender.channel) if row.sender else None
        if row.sender is None or channel is None:
            await self._give_up(row, "no_channel" if row.sender else "no_identity")
            return
        if row.repeats >= self._policy.storm_times:
            log.error("push_storm", outbox=row.id, kind=row.kind)  # something writes the same to one person on and on
            await self._give_up(await self._unpaid(row), queue.STORM)
            return
        for buckets, name in ((self._people, row.person), (self._accounts, (row.sender.channel, row.sender.account))):
            wait = buckets.take(name, self._loop.time(), PATIENCE)
            if wait > AHEAD:
                row = await self._unpaid(row)
            if wait > PATIENCE:
                await self._retry(row, wait, "paced")
                return
            if wait:
                await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(SEND_LIMIT):
                rung = await channel.send(marked_again(replace(row, link=self._link(row)), channel))
        except SendFailed as failure:
            await self._failed(row, failure)
            return
        except TimeoutError:
            await self._failed(row, SendFailed("timeout", retry=True))
            return
        except Exception as error:  # noqa: BLE001 - a channel's bug must not stop the others' pushes
            log.error("bug", error=where(error), outbox=row.id)
            await self._failed(row, SendFailed("bug", retry=True))
            return
        self._unmarked.append((row.id, rung, row.person))
        counter = self._counters.get(rung)
        if counter is None:
            counter = self._counters[rung] = self._metrics.pushes.labels(rung)
        counter.inc()
        if self._log_turns:
            log.info("push", turn=row.turn, outbox=row.id, kind=row.kind, rung=rung, attempts=row.attempts)

    async def _unpaid(self, row: Outgoing) -> Outgoing:
        """By the time it leaves its window may be another one: what it paid goes back, and it pays then."""
        if row.paid and row.sender is not None and row.window_until is not None:
            await asyncio.to_thread(windows.give_back, self._db, row.sender, row.window_until, row.window_left)
            return replace(row, paid=False, window_left=row.window_left + 1)
        return row

    async def _failed(self, row: Outgoing, failure: SendFailed) -> None:
        if failure.stop_endpoint and row.sender is not None:
            account = (row.sender.channel, row.sender.account)
            self._accounts.block(account, self._loop.time() + failure.stop_endpoint)
        if failure.gone and row.sender is not None:
            other = await asyncio.to_thread(addresses.gone, self._db, row.sender)
            if other and row.attempts < ATTEMPTS:
                await self._retry(row, 0.0, failure.code)  # the next look finds the other address
                return
        if not failure.retry or row.attempts >= ATTEMPTS:
            await self._give_up(row, failure.code)
            return
        wait = failure.wait if failure.wait is not None else failure.stop_endpoint
        if wait is None:
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1] * self._chance.uniform(0.8, 1.2)
        await self._retry(row, wait, failure.code)

    async def _retry(self, row: Outgoing, wait: float, code: str) -> None:
        self._metrics.pushes.labels("retry").inc()
        # what may have arrived stays so, whatever hindered this try
        code = AGAIN if row.again else UNKNOWN if row.unsure else code
        at = self._clock() + timedelta(seconds=wait)
        await asyncio.to_thread(queue.retry, self._db, row.id, at, code, self._holder)

    async def _give_up(self, row: Outgoing, code: str) -> None:
        if row.kind in SHARED:  # each recipient's reason stands on the announcement's page: no line, no alarm
            self._metrics.pushes.labels(f"announced:{code}").inc()
            code = UNKNOWN if row.unsure and code not in UNSURE else code  # who sends it again has to know
        else:
            log.warning("push_failed", turn=row.turn, outbox=row.id, code=code, kind=row.kind, attempts=row.attempts)
            self._metrics.pushes.labels(f"failed:{code}").inc()
        await asyncio.to_thread(queue.failed, self._db, row.id, code, self._clock(), self._holder)
