"""`python -m tests.faults.day`: a whole day in minutes, with every job; then the books must balance.

The program's clock runs `--speed` times as fast, its jobs come as much more often. One push in 500 fails. Residents
write as they do over a day: little at night, most in the evening; leaders answer. Nothing is killed here.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, insert, select

from bot import app as parts
from bot import measures
from bot.app import App
from bot.jobs import JOBS
from bot.settings import load
from bot.ticking import Job, Jobs, keep_alive
from storage import chain, ledger_audit, volunteer_audit
from storage.schema import clock_events, facts, identities, inbox, job_runs, outbox, posts, tickets, timers
from tests.bench.town import database
from tests.faults.day_people import Fast, Town, live

STEP = [clock_events.c[name] for name in ("ticket", "at", "kind", "clock", "terms")]
WAL_MOST = 64 * 1024**2


def laws(app: App, town: Town, ran: Counter[str], speed: float) -> list[str]:
    """What does not balance, in words."""
    db, wrong = app.db, []

    def law(true: bool, words: str) -> None:
        if not true:
            wrong.append(words)

    with db.reading() as conn:

        def count(table: Any, *where: Any) -> int:
            return int(conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

        received, opened = count(inbox), count(tickets)
        told = count(facts, facts.c.kind == "TicketOpened")
        states = dict(conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all())
        owners = conn.execute(select(outbox.c.id, outbox.c.state)).all()
        steps = Counter(conn.execute(select(*STEP)).all())
        late = count(timers, timers.c.due < town.clock() - timedelta(minutes=10))
        sealed, all_facts = count(facts, facts.c.hash.is_not(None)), count(facts)
        failing = [row.name for row in conn.execute(select(job_runs).where(job_runs.c.ok.is_(False)))]
    held = int(measures.counted(app, "jushe_messages_total", outcome="held_back"))  # who writes too much hears so
    law(received + held == town.said, f"{town.said} messages were said, {received} taken, {held} held back")
    law(opened == told, f"{opened} tickets, {told} of them in the record")
    law(not states.get("sending"), f"{states.get('sending')} pushes are still in hand")
    sent = {row.id for row in owners if row.state == "sent"}
    apart = len(sent ^ set(town.sent))
    law(not apart, f"{apart} pushes were sent and not marked, or marked and not sent")
    law(max(town.sent.values(), default=1) == 1, "a push was sent twice")
    law(max(steps.values(), default=1) == 1, "a step of a clock happened twice")
    law(late == 0, f"{late} timers are late by more than ten minutes")
    law(chain.verify(db) == sealed == all_facts, f"{all_facts - sealed} records are not in the chain")
    law(not ledger_audit.findings(db), "the points do not balance")
    law(not volunteer_audit.findings(db), "the hours do not balance")
    law(not failing, f"jobs failed: {failing}")
    for job in JOBS:
        expected = 86_400 / max(job.every, 0.25 * speed)
        law(ran[job.name] >= expected * 0.5, f"{job.name} ran {ran[job.name]} times of {expected:.0f}")
    print(f"{received} messages, {opened} tickets, pushes {states}, {all_facts} records, {town.failed} sends failed")
    return wrong


async def day(url: str, folder: Path, speed: float, scenes: int, seed: int) -> list[str]:
    clock = Fast(speed)
    settings = load(data_dir=folder / "data", database_url=url, log_level="ERROR")
    app = await parts.start(settings, demo=True, ticking=False, clock=clock)
    town = Town(app, clock, random.Random(seed))
    app.channels.update({"terminal": town, "webchat": town})
    with app.db.writing() as conn:  # every leader and desk can be reached
        conn.execute(delete(identities))
        for person in sorted(set(conn.execute(select(posts.c.person)).scalars())):
            known = {"channel": "terminal", "account": "-", "user": f"p{person}", "person": person}
            conn.execute(insert(identities).values(**known, followed=True, seen=clock(), window_left=0))
    ran: Counter[str] = Counter()
    app.jobs = Jobs(tuple(replace(job, every=max(job.every / speed, 0.25), run=_counted(job, ran)) for job in JOBS))
    app.tasks += [asyncio.create_task(app.outbox.run()), asyncio.create_task(keep_alive(app.alive, app.metrics))]
    app.jobs.start(app)
    before, files = memory(), len(os.listdir("/proc/self/fd"))
    clock.began = time.monotonic()
    await live(app, town, scenes)
    await settled(app)
    await app.jobs.stop(10)
    while await asyncio.to_thread(chain.seal, app.db):
        pass
    wrong = await asyncio.to_thread(laws, app, town, ran, speed)
    wal = (folder / "data" / "jushe.db-wal").stat().st_size if "sqlite" in settings.database else 0
    grown = f"memory {before:.0f} → {memory():.0f} MB, descriptors {files} → {len(os.listdir('/proc/self/fd'))}"
    print(f"{grown}, WAL {wal / 1e6:.0f} MB")
    if wal > WAL_MOST:
        wrong.append(f"the write-ahead log has {wal / 1e6:.0f} MB")
    await app.stop()
    return wrong


def _counted(job: Job, ran: Counter[str]) -> Callable[[App], Awaitable[int]]:
    async def run(app: App) -> int:
        ran[job.name] += 1
        return await job.run(app)

    return run


async def settled(app: App) -> None:
    """Until nothing that may leave waits any more, and every record is sealed."""
    async with asyncio.timeout(60):
        while True:
            with app.db.reading() as conn:
                due = outbox.c.state.in_(("waiting", "sending")) & (outbox.c.next_at <= app.clock())
                open_ = conn.execute(select(func.count()).select_from(outbox).where(due)).scalar_one()
                loose = conn.execute(
                    select(func.count()).select_from(facts).where(facts.c.hash.is_(None))
                ).scalar_one()
            if not open_ and not loose:
                return
            await asyncio.sleep(0.3)


def memory() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.day", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--speed", type=float, default=60.0, help="60: a day in 24 minutes")
    parser.add_argument("--scenes", type=int, default=3000, help="of residents in the day")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    for name in [name for name in os.environ if name.startswith("JUSHE_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="jushe-day-") as folder:
        os.chdir(folder)
        with database(given.database, Path(folder) / "db") as url:
            own = "" if given.database == "sqlite" else url
            wrong = asyncio.run(day(own, Path(folder), given.speed, given.scenes, given.seed))
    for one in wrong:
        print(f"BAD  {one}")
    print(
        f"{given.database}: a day at {given.speed:.0f}×: {'every law holds' if not wrong else f'{len(wrong)} broken'}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
