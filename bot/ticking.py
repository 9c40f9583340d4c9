"""Runs a table of jobs by the clock; notices when one is late or the scheduler dead, and mends it. Knows no job."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import where
from handlers.tickets.clock import SHANGHAI
from storage import jobs
from storage.alive import EVERY, Alive

if TYPE_CHECKING:
    from bot.app import App
    from bot.metrics import Metrics

log = structlog.get_logger("jobs")

RECORD_EVERY = 60.0  # seconds between recorded runs that found nothing
LOOK = 2.0  # seconds between the watchdog's looks
SLACK = 10.0  # seconds a run may begin late before it is late; hours are not late by seconds
JUMP = 1.5  # seconds the wall clock may move against the steady one between two looks


@dataclass(frozen=True, slots=True)
class Job:
    """`run` gives how much it did; `every` is in seconds. `everywhere`: in each process, else by the leading one."""

    name: str
    every: float
    run: Callable[[App], Awaitable[int]]
    everywhere: bool = False


async def keep_alive(alive: Alive, metrics: Metrics) -> None:
    """Until cancelled. Nothing else keeps the lead, so a loop that hangs loses it."""
    own = ThreadPoolExecutor(1, thread_name_prefix="alive")  # the others may all wait for a slow database
    metrics.leading.set_function(lambda: float(alive.leading))  # a look may hang longer than a lead is believed
    while True:
        await asyncio.get_running_loop().run_in_executor(own, alive.look)
        await asyncio.sleep(EVERY)


class Jobs:
    """The table on APScheduler with a memory store; one run of a job at a time.

    The scheduler goes by the wall clock: set back by an hour it would do nothing for an hour, and after one error
    of its own it is dead and says it runs (reliability.md §6.4). So a watchdog on the steady clock looks after it.
    """

    def __init__(self, table: tuple[Job, ...], look: float = LOOK) -> None:
        self._table = table
        self._look = look
        self._scheduler = self._new()
        self._recorded: dict[str, float] = {}
        self._begun: dict[str, float] = {}
        self._running: dict[asyncio.Task[None], str] = {}
        self._watching: asyncio.Task[None] | None = None
        self.stopping = False

    def start(self, app: App) -> None:
        """First runs at once, a little apart, so that a start takes up what waited."""
        self._begun = dict.fromkeys((job.name for job in self._table), time.monotonic())
        self._plan(app, 0.1)
        self._watching = asyncio.create_task(self._watch(app))

    async def stop(self, seconds: float) -> None:
        """No more runs; those under way may finish, at most `seconds`: their threads use the database."""
        self.stopping = True
        if self._watching:
            self._watching.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def late(self) -> dict[str, float]:
        """Seconds by which runs that should have begun are late, by the steady clock."""
        now = time.monotonic()
        found = {job: now - self._begun.get(job.name, now) - job.every for job in self._table}
        return {job.name: by for job, by in found.items() if by > max(SLACK, job.every / 10)}

    def _new(self) -> AsyncIOScheduler:
        # no grace: a late tick is better than none (the library's 1 s drops it: reliability.md §6.4)
        kept = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        return AsyncIOScheduler(timezone=SHANGHAI, job_defaults=kept)

    def _plan(self, app: App, apart: float) -> None:
        for place, job in enumerate(self._table):
            first = datetime.now(SHANGHAI) + timedelta(seconds=apart * place)
            self._scheduler.add_job(
                self._tick, "interval", seconds=job.every, args=(app, job), id=job.name, next_run_time=first
            )
        self._scheduler.start()

    async def _tick(self, app: App, job: Job) -> None:
        if self.stopping or job.name in self._running.values():
            return
        self._begun[job.name] = time.monotonic()
        if not (job.everywhere or app.alive.leading):
            return
        # A task of ours, because the scheduler would cancel its own in the middle of a run.
        task = asyncio.create_task(self.run(app, job))
        self._running[task] = job.name
        task.add_done_callback(self._running.pop)
        await asyncio.shield(task)

    async def _watch(self, app: App) -> None:
        """Until cancelled: a clock that jumped and a run that did not begin are told and mended."""
        told: set[str] = set()
        apart = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(self._look)
            was, apart = apart, time.time() - time.monotonic()
            jumped = abs(apart - was) > JUMP
            if jumped:
                log.warning("clock_jumped", seconds=round(apart - was, 1))
                app.metrics.clock_jumps.inc()
            late = self.late()
            for name in late.keys() - told:
                log.error("tick_late", job=name, seconds=round(late[name]))
                app.metrics.late_ticks.labels(name).inc()
            told = set(late)
            if jumped or late.keys() - set(self._running.values()):
                self._revive(app, None if jumped else late.keys())

    def _revive(self, app: App, names: Collection[str] | None) -> None:
        """Begin again at once: the named ones, or all when None. A scheduler that is dead is replaced."""
        try:
            if not self._scheduler.running:
                raise JobLookupError("all")
            for job in self._table:
                if names is None or job.name in names:
                    self._scheduler.modify_job(job.name, next_run_time=datetime.now(SHANGHAI))
        except Exception as error:  # noqa: BLE001 - whatever it died of
            log.error("scheduler_replaced", error=where(error))
            if self._scheduler.running:
                self._scheduler.shutdown(wait=False)
            self._scheduler = self._new()
            self._plan(app, 0.0)

    async def run(self, app: App, job: Job) -> None:
        """One run, with what is known of it in /metrics and in the database."""
        started, clock = app.clock(), time.monotonic()
        try:
            done, ok, result = await job.run(app), True, ""
            result = str(done)
        except Exception as error:  # noqa: BLE001 - a job that fails is reported and comes again
            done, ok, result = 0, False, where(error)
            log.error("job_failed", job=job.name, error=result)
        seconds = time.monotonic() - clock
        app.metrics.job_last.labels(job.name).set(started.timestamp())
        app.metrics.job_seconds.labels(job.name).set(seconds)
        app.metrics.job_ok.labels(job.name).set(ok)
        if done or not ok or clock - self._recorded.get(job.name, -RECORD_EVERY) >= RECORD_EVERY:
            self._recorded[job.name] = clock
            try:
                await asyncio.to_thread(jobs.record, app.db, job.name, started, seconds, ok, result[:200])
            except Exception as error:  # noqa: BLE001 - the database is away; the next run says so again
                log.warning("job_unrecorded", job=job.name, error=where(error))
