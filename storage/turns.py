"""The one door for writes: turns are taken in order, run together and committed together."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Fact, Inbound, Outcome, Reply, Sender, Turn
from nlp.types import Understanding
from storage.at_once import AtOnce
from storage.batches import Batches, Unreachable
from storage.engine import Database
from storage.ids import new_id
from storage.inline import InLine
from storage.turn import Run
from storage.unit import Cut, Done, Item, Told, Unit, into, whole

_log = logging.getLogger(__name__)

__all__ = ["Closed", "Done", "QueueFull", "Turns", "Unreachable"]


class QueueFull(Exception):
    """More turns wait than can be done in time."""


class Closed(Exception):
    """The door is shut: the process is ending."""


class Turns:
    """`decide` must be pure: a turn may run more than once, but is committed once. Order is kept per sender.

    PostgreSQL: `threads` database threads. SQLite has one writer: in line with `loop` where one is given
    (storage/inline.py), else a thread. `on_commit(facts, pushed)` is called after each commit, in the thread
    that made it or in the loop.
    """

    def __init__(
        self, db: Database, decide: Callable[[Turn, Read], Outcome], policy: Policy, *,
        ids: Callable[[], int] | None = None, threads: int = 2, batch: int = 64,
        on_commit: Callable[[tuple[Fact, ...], bool], None] | None = None, limit: int = 10_000,
        loop: asyncio.AbstractEventLoop | None = None, cut: Cut = whole,
    ) -> None:  # fmt: skip
        run = Run(db, decide, policy, ids or new_id, cut)
        self._batches = Batches(run, self._finished, self._failed)
        self._at_once = AtOnce(run)
        self._batch = batch
        self._on_commit = on_commit
        self._limit = limit
        self._count = 0
        self._round = 0
        self._closed = False
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._line: InLine | None = None
        self._queues: list[queue.SimpleQueue[Unit | None]] = []
        self._threads: list[threading.Thread] = []
        if loop is not None and not db.postgresql:
            self._line = InLine(self._batches, self._at_once, db, loop, batch)
            self._threads.append(self._line.worker)
            return
        for at in range(threads if db.postgresql else 1):
            waiting: queue.SimpleQueue[Unit | None] = queue.SimpleQueue()
            self._queues.append(waiting)
            thread = threading.Thread(target=self._work, args=(waiting,), name=f"turns-{at}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def submit(self, inbound: Inbound, said: Understanding, now: datetime) -> Future[Done]:
        """One message. Raises QueueFull, Closed. The future raises what `decide` or the database raised."""
        future: Future[Done] = Future()
        self.take(inbound, said, now, into(future))
        return future

    def take(self, inbound: Inbound, said: Understanding, now: datetime, told: Told) -> None:
        """The same without a future, which costs as much as a greeting's answer: `told` is called in any thread."""
        sender = inbound.sender
        self._at_once.stir(sender)
        at = 0
        if len(self._queues) > 1:
            at = zlib.crc32(f"{sender.channel}\0{sender.account}\0{sender.user}".encode())
        self._put(Unit(Item(inbound, said, now), told), at)

    def run(
        self, work: Callable[[Read], Outcome], now: datetime, via: str, actor: int = 0, name: str = ""
    ) -> Future[Done]:
        """A timer, a click, a job: one transaction of its own making. `work` must be pure like `decide`.

        With a `name` nothing happens when a push of that name was written before to the same person.
        """
        self._round += 1
        future: Future[Done] = Future()
        self._put(Unit(Item(work, None, now, via, actor, name), into(future)), self._round)
        return future

    def at_once(self, inbound: Inbound, said: Understanding, now: datetime) -> tuple[Reply, ...] | None:
        """The answer to a message that needs no turn, or None (storage/at_once.py). Raises what `decide` raises.

        Only in the loop, only while the sender has no turn under way, never for a copy: that one asks the row.
        """
        if self._line is None or self._closed:
            return None
        replies = self._at_once.answer(inbound, said, now)
        if replies is not None:
            self._line.follow()
        return replies

    def rests(self, sender: Sender) -> bool:
        """Whether `at_once` knows the sender; cheap."""
        return self._at_once.rests(sender)

    @property
    def waiting(self) -> int:
        return self._count

    def close(self, timeout: float) -> None:
        """Take no more, finish what waits. Raises TimeoutError when that takes longer than `timeout` seconds.

        In line with a loop it must be called from another thread, while the loop runs.
        """
        with self._changed:
            if not self._closed:
                self._closed = True
                for waiting in self._queues:
                    waiting.put(None)
            if not self._changed.wait_for(lambda: not self._count, timeout):
                raise TimeoutError(f"{self._count} turns were still waiting after {timeout} s")
        if self._line:
            self._line.close()
        for thread in self._threads:  # one that still closes its connection while the interpreter is taken down
            thread.join(timeout)  # may take the process with it
            if thread.is_alive():
                raise TimeoutError(f"the database was still being closed after {timeout} s")

    def _put(self, unit: Unit, at: int) -> None:
        with self._lock:
            if self._closed:
                raise Closed("no more turns: the process is ending")
            if self._count >= self._limit:
                raise QueueFull(f"{self._count} turns are waiting")
            self._count += 1
            if self._line is None:
                self._queues[at % len(self._queues)].put(unit)
                return
        self._line.put(unit)

    def _work(self, waiting: queue.SimpleQueue[Unit | None]) -> None:
        ending = False
        while not ending:
            units: list[Unit] = []
            unit = waiting.get()
            while unit is not None:
                units.append(unit)
                if len(units) == self._batch:
                    break
                try:
                    unit = waiting.get_nowait()
                except queue.Empty:
                    break
            else:
                ending = True
            if units:
                self._batches.settle(units)

    def _finished(self, units: Sequence[Unit], done: Sequence[Done]) -> None:
        if self._line is not None:
            self._at_once.learn(units, done)
        for unit, one in zip(units, done, strict=True):
            _tell(unit, one)
        self._less(len(units))
        if self._on_commit is None:
            return
        try:
            self._on_commit(tuple(fact for one in done for fact in one.facts), any(one.pushed for one in done))
        except Exception:  # noqa: BLE001 - the commit stands, whatever its listener does
            _log.exception("on_commit failed")

    def _failed(self, units: Sequence[Unit], error: BaseException) -> None:
        for unit in units:
            _tell(unit, error)
        self._less(len(units))

    def _less(self, units: int) -> None:
        with self._lock:
            self._count -= units
            if self._closed:
                self._changed.notify_all()


def _tell(unit: Unit, what: Done | BaseException) -> None:
    try:
        unit.told(what)
    except Exception:  # noqa: BLE001 - the others must be told too
        _log.exception("who is told of a turn failed")
