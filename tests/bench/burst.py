"""`python -m tests.bench.burst`: an evening's load, ten times that for 30 s, the evening again; who heard what."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import town
from tests.bench.asked_for import asking, kinds, on_cores, standing
from tests.bench.driver import Asked, unwaiting
from tests.bench.heard import STAGES, Found, Said, heard, judge, told
from tests.bench.messages import Writer
from tests.bench.process import Server
from tests.bench.serving import serve
from tests.bench.sink import Sink
from tests.bench.stages import settle, spread
from tests.bench.traffic import Crowd, labels

PROMISES = 90.0  # seconds at most that are waited for the last promise


def options() -> argparse.Namespace:
    parser = asking("tests.bench.burst", __doc__)
    parser.add_argument("--rate", type=float, default=60.0, help="messages a second of the evening")
    parser.add_argument("--times", type=float, default=10.0, help="how much the burst is of that")
    parser.add_argument("--burst", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--around", type=float, default=40.0, metavar="SECONDS", help="of the evening after it")
    parser.add_argument("--households", type=int, default=20_000, help="of the sample town")
    return parser.parse_args()


def main() -> int:
    given = options()
    at, own = on_cores()
    print(f"server on core {at}, driver (and PostgreSQL) on core {own}; load of the machine {os.getloadavg()[0]:.1f}")
    good = True
    for kind in kinds(given):
        with standing(kind, "burst") as (url, folder):
            found = asyncio.run(measure(url, folder, given, at))
        good &= told(kind, given, found)
    return 0 if good else 1


async def measure(url: str, folder: Path, given: argparse.Namespace, core: int) -> Found:
    place = await asyncio.to_thread(town.found, url, given.households)
    async with Sink() as api:
        server = await asyncio.to_thread(serve, place, folder, api.url, core)
        try:
            await settle(8.0)  # dictionaries are loaded meanwhile
            said = written(Crowd(labels(place.register)), given)
            found = await watched(server, folder, said, given)
            status = await asyncio.to_thread(server.stop)
            if status:
                raise RuntimeError(f"the server ended with {status}:\n{server.tail()}")
        finally:
            server.kill()
    await asyncio.to_thread(judge, place, folder, found)
    return found


def written(crowd: Crowd, given: argparse.Namespace) -> list[Said]:
    """Everything that will be said, by time."""
    writer = Writer()
    said: list[Said] = []
    start = 0.0
    lengths = (given.around / 4, given.burst, given.around)
    for stage, seconds, times in zip(STAGES, lengths, (1.0, given.times, 1.0), strict=True):
        for due, user, words in spread(crowd, given.rate * times, seconds):
            number = writer.new_id()
            asked = Asked(start + due, writer.text(user, words, number))
            said.append(Said(user, f"m:{number}", stage, asked))
        start += seconds
    return sorted(said, key=lambda one: one.asked.due)


async def watched(server: Server, folder: Path, said: Sequence[Said], given: argparse.Namespace) -> Found:
    rest = server.memory_mb()
    start = time.perf_counter()
    talking = asyncio.create_task(unwaiting(server.port, [one.asked for one in said]))
    cpu: dict[str, float] = {}
    memory: list[float] = []
    kept = 0.0
    end = 0.0
    for stage, seconds in zip(STAGES, (given.around / 4, given.burst, given.around), strict=True):
        before, end = server.cpu_seconds(), end + seconds
        over = end - seconds  # when the stage before ended
        while (now := time.perf_counter() - start) < end:
            await asyncio.sleep(min(0.5, end - now))
            if stage == "after" and not kept and not spooled(folder):
                kept = time.perf_counter() - start - over
        cpu[stage] = (server.cpu_seconds() - before) / seconds
        memory.append(server.memory_mb())
    load = await talking
    while spooled(folder) and time.perf_counter() - start < end + PROMISES:  # noqa: ASYNC110 - a file has no event
        await asyncio.sleep(0.2)
    kept = kept or time.perf_counter() - start - (end - given.around)
    writer = Writer()
    for one in said:
        one.heard = heard(writer, one.asked)
    return Found(said, cpu, (rest, memory[1], memory[2]), kept, load.own_cpu / load.seconds)


def spooled(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "data" / "spool").glob("*.jsonl"))


if __name__ == "__main__":
    sys.exit(main())
