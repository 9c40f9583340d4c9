"""The clockwork goes on when the clock jumps, when its scheduler is dead, and only where it leads."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot import ticking
from bot.app import App
from bot.metrics import Metrics
from bot.ticking import Job, Jobs
from storage import jobs


@dataclass
class Lead:
    leading: bool = True


class Stand:
    """What a job sees of the App here. `runs`: the times of the runs, by the steady clock."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.alive = Lead()
        self.db = None
        self.runs: list[float] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def run(self, _: App) -> int:
        self.runs.append(time.monotonic())
        return 0

    async def more(self, runs: int, within: float = 6.0) -> None:
        wanted = len(self.runs) + runs
        async with asyncio.timeout(within):
            while len(self.runs) < wanted:  # noqa: ASYNC110 - a test may poll
                await asyncio.sleep(0.01)


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Stand, Jobs]]:
    monkeypatch.setattr(jobs, "record", lambda *_: None)
    monkeypatch.setattr(ticking, "SLACK", 0.5)
    here = Stand()
    table = Jobs((Job("quick", 0.1, here.run),), look=0.05)
    table.start(here)  # type: ignore[arg-type]
    await here.more(3)
    yield here, table
    await table.stop(1)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_jumps_stops_nothing_and_doubles_nothing(stand: tuple[Stand, Jobs], hours: int) -> None:
    here, _ = stand
    begun = len(here.runs)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        await here.more(5)
    await here.more(5)  # and back again
    apart = [later - earlier for earlier, later in zip(here.runs[begun:], here.runs[begun + 1 :], strict=False)]
    assert max(apart) < 2.0
    assert sum(gap < 0.02 for gap in apart) <= 2, "runs were made up for"
    assert "jushe_clock_jumps_total 2.0" in here.metrics.text().decode()


async def test_a_dead_scheduler_is_replaced(stand: tuple[Stand, Jobs]) -> None:
    here, table = stand
    table._scheduler.shutdown(wait=False)
    await here.more(3)
    assert 'jushe_late_ticks_total{job="quick"} 1.0' in here.metrics.text().decode()


async def test_a_lost_job_is_planned_again(stand: tuple[Stand, Jobs]) -> None:
    here, table = stand
    table._scheduler.remove_job("quick")
    await here.more(3)


async def test_only_the_leading_process_runs_what_runs_once(stand: tuple[Stand, Jobs]) -> None:
    here, table = stand
    here.alive.leading = False
    await asyncio.sleep(0.15)
    before = len(here.runs)
    await asyncio.sleep(0.4)
    assert len(here.runs) == before
    assert table.late() == {}  # following is not being late
    here.alive.leading = True
    await here.more(2)


async def test_while_a_look_hangs_the_figures_believe_no_lead_that_is_over() -> None:
    """A host cut from its database waits seconds for an answer, while another leads by then."""
    asked, answered = threading.Event(), threading.Event()

    class Hung(Lead):
        def look(self) -> bool:
            asked.set()
            return answered.wait(10)

    alive, metrics = Hung(), Metrics()
    keeping = asyncio.create_task(ticking.keep_alive(alive, metrics))  # type: ignore[arg-type]
    try:
        assert await asyncio.to_thread(asked.wait, 5)
        assert b"jushe_leading 1.0" in metrics.text()
        alive.leading = False
        assert b"jushe_leading 0.0" in metrics.text()
    finally:
        answered.set()
        keeping.cancel()
