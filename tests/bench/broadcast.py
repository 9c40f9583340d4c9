"""`python -m tests.bench.broadcast`: an announcement to everybody, prepared and sent, while residents get answers."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from handlers.announcements.facts import AnnouncementMoved, AnnouncementWritten
from handlers.announcements.rules import Act, Kind, State
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage import broadcast, view_announcements
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.schema import communities
from storage.turns import Turns
from tests.bench import town
from tests.bench.asked_for import asking, kinds, on_cores, standing
from tests.bench.bare_client import WORDS
from tests.bench.driver import Load, steady
from tests.bench.messages import Writer
from tests.bench.process import ROOT, database_seconds, environment
from tests.bench.residents import settle_in
from tests.bench.serving import serve
from tests.bench.sink import Sink

AT_ONCE = 256  # sends under way, of the bare loop too
REPLIES = 30.0  # messages a second that want an answer meanwhile
LINES = 16
UNPACED = {
    "JUSHE_SEND_PER_SECOND": "100000", "JUSHE_SEND_AT_ONCE": str(AT_ONCE),
    "JUSHE_POLICY__QUIET_FROM_HOUR": "0", "JUSHE_POLICY__QUIET_TO_HOUR": "0",
}  # fmt: skip
SETTLE = 12.0  # seconds after the start of the server
GOAL_PREPARED, GOAL_RATIO, GOAL_REPLY = 10.0, 0.5, 0.3


@dataclass
class Measured:
    prepared: float = 0.0  # seconds
    slice_most: float = 0.0  # seconds of the longest transaction of the preparation
    rate: float = 0.0  # messages a second
    cpu: float = 0.0  # seconds of the server for a message
    database_cpu: float = 0.0  # seconds of PostgreSQL for a message; it shares the driver's core
    bare_rate: float = 0.0
    bare_cpu: float = 0.0
    missing: int = 0
    places: dict[str, int] | None = None
    replies: Load | None = None


def options() -> argparse.Namespace:
    parser = asking("tests.bench.broadcast", __doc__)
    parser.add_argument("people", nargs="?", type=int, default=20_000, help="recipients; the city has 277,000")
    return parser.parse_args()


def main() -> int:
    given = options()
    at, own = on_cores()
    if at != own:
        print(f"server and bare client on core {at}, driver, sink (and PostgreSQL) on core {own}")
    right = True
    for kind in kinds(given):
        with standing(kind, "broadcast") as (url, folder):
            found = asyncio.run(measure(url, folder, given.people, at))
        right &= told(kind, given.people, found)
    return 0 if right else 1


def told(kind: str, people: int, found: Measured) -> bool:
    ratio = found.bare_cpu / found.cpu if found.cpu else 0.0
    replies = found.replies or Load()
    late = replies.percentile(0.99)
    goal = GOAL_PREPARED * max(people / 277_000, 0.1)
    print(
        f"{kind}: {people} recipients prepared in {found.prepared:.2f} s (goal {goal:.1f}), "
        f"longest transaction {found.slice_most * 1000:.0f} ms"
    )
    print(
        f"{kind}: drained at {found.rate:.0f}/s, {found.cpu * 1e6:.0f} µs of CPU a message (the database "
        f"{found.database_cpu * 1e6:.0f} µs beside it); bare aiohttp loop "
        f"{found.bare_rate:.0f}/s {found.bare_cpu * 1e6:.0f} µs: {ratio:.2f} of its speed by CPU (goal {GOAL_RATIO}) "
        f"{found.rate / max(found.bare_rate, 1):.2f} by the clock; not taken {found.missing}, {found.places}"
    )
    print(
        f"{kind}: {replies.count} replies meanwhile, p50 {replies.percentile(0.5) * 1000:.0f} ms, "
        f"p99 {late * 1000:.0f} ms (goal {GOAL_REPLY * 1000:.0f}); wrong {replies.wrong}, lost {replies.lost}"
    )
    return found.prepared <= goal and ratio >= GOAL_RATIO and late <= GOAL_REPLY and not found.missing


async def measure(url: str, folder: Path, people: int, core: int) -> Measured:
    place = await asyncio.to_thread(town.found, url, people // 3)
    await asyncio.to_thread(settle_in, place, people)
    found = Measured()
    announcement, found.prepared, found.slice_most = await asyncio.to_thread(prepared, place)
    async with Sink() as api:
        before = await bare(api, people, core)
        server = await asyncio.to_thread(serve, place, folder, api.url, core, more=UNPACED)
        try:
            await asyncio.sleep(SETTLE)  # dictionaries are loaded meanwhile
            api.reset()
            cpu, database = server.cpu_seconds(), database_seconds(folder)
            await asyncio.to_thread(let_go, place, announcement)
            talking = asyncio.create_task(steady(server.port, questions(people / before[0] + 3), LINES))
            await api.until(people, 20.0)
            found.cpu = (server.cpu_seconds() - cpu) / max(api.taken, 1)
            found.database_cpu = (database_seconds(folder) - database) / max(api.taken, 1)
            found.rate, found.missing = api.rate, people - api.taken
            found.replies = await talking
            await asyncio.sleep(3.0)  # the last ones are taken back
            await asyncio.to_thread(server.stop)
        finally:
            server.kill()
        after = await bare(api, people, core)
    found.bare_rate, found.bare_cpu = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    found.places = await asyncio.to_thread(stands, place, announcement)
    return found


async def bare(api: Sink, count: int, core: int) -> tuple[float, float]:
    """(messages a second, seconds of CPU a message) of the bare loop, on the server's core."""
    api.reset()
    count = min(count, 30_000)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.bare_client", api.url, str(count), str(AT_ONCE),
        env=environment({}) | {"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    os.sched_setaffinity(process.pid, {core})
    out, _ = await process.communicate()
    return api.rate, float(out) / count


def questions(seconds: float) -> list[tuple[float, int, bytes]]:
    """Residents who ask for the menu, at an even pace."""
    writer = Writer()
    return [
        (at / REPLIES, at % LINES, writer.text(f"oR{at % 500:026d}", "菜单")) for at in range(int(seconds * REPLIES))
    ]


def prepared(place: town.Town) -> tuple[int, float, float]:
    """An announcement to the owners of the whole city, its audience frozen: (id, seconds, of the longest step)."""
    db = open_database(place.url, place.key)
    turns = Turns(db, lambda turn, read: Outcome(), Policy())
    number, now = new_id(), datetime.now(UTC)
    with db.reading() as conn:
        everywhere = tuple(("community", one) for one in conn.execute(select(communities.c.id)).scalars())
    title, _, words = WORDS.removesuffix("\n——学府社区").removeprefix("【重要通知】").partition("\n")
    written = AnnouncementWritten(
        number, 1, everywhere[0][1], 1, Kind.SERVICE, False, False, everywhere, ("owner",), None, title, words
    )
    _happen(turns, now, written)
    for act, before, after in (
        (Act.ASK, State.DRAFT, State.ASKED), (Act.APPROVE, State.ASKED, State.WAITING),
        (Act.START, State.WAITING, State.PREPARING),
    ):  # fmt: skip
        _happen(turns, now, AnnouncementMoved(number, act, before, after, 2))
    began, most = time.perf_counter(), 0.0
    more = True
    while more:
        step = time.perf_counter()
        more = broadcast.prepare(db, number, Policy(), now)
        most = max(most, time.perf_counter() - step)
    seconds = time.perf_counter() - began
    _happen(turns, now, AnnouncementMoved(number, Act.FREEZE, State.PREPARING, State.PAUSED, 0))  # until all is ready
    turns.close(10)
    db.close()
    return number, seconds, most


def _happen(turns: Turns, now: datetime, fact: Any) -> None:
    def work(read: Read) -> Outcome:
        return Outcome(facts=(fact,))

    turns.run(work, now, "bench").result(30)


def let_go(place: town.Town, announcement: int) -> None:
    db = open_database(place.url, place.key)
    turns = Turns(db, lambda turn, read: Outcome(), Policy())
    moved = AnnouncementMoved(announcement, Act.RESUME, State.PAUSED, State.SENDING, 2)
    _happen(turns, datetime.now(UTC), moved)
    turns.close(10)
    db.close()


def stands(place: town.Town, announcement: int) -> dict[str, int]:
    db: Database = open_database(place.url, place.key)
    found = view_announcements.progress(db, announcement, None, datetime.now(UTC))
    db.close()
    return found.places if found else {}


if __name__ == "__main__":
    sys.exit(main())
