"""`python -m tests.bench.two`: one and two gateways on one PostgreSQL, in turns; do they get in one another's way."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg

from tests.bench import town
from tests.bench.driver import Load, closed
from tests.bench.messages import Writer
from tests.bench.process import Server, cores, database_seconds
from tests.bench.serving import serve
from tests.bench.sink import Sink
from tests.bench.stages import CONNECTIONS, settle
from tests.bench.traffic import Crowd, labels

LOOK = 0.05  # seconds between looks at who waits for whom in the database
GOAL, FIRST = 1.8, 1.5
_WAITING = """
    SELECT wait_event_type || ' ' || wait_event FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active'
    AND wait_event_type IN ('Lock', 'LWLock', 'BufferPin', 'IO')
"""


@dataclass
class Round:
    """`cpu`: seconds of all gateways, `database`: of PostgreSQL. `waits`: what its sessions were seen waiting for."""

    load: Load
    cpu: float
    database: float
    waits: Counter[str]
    looks: int
    errors: int  # statements the database refused: deadlocks, keys there already, conflicts

    @property
    def cpu_us(self) -> float:
        return self.cpu / max(1, self.load.count) * 1e6

    @property
    def database_us(self) -> float:
        return self.database / max(1, self.load.count) * 1e6


@dataclass
class Compared:
    one: list[Round] = field(default_factory=list)
    two: list[Round] = field(default_factory=list)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.two", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="of one stage of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--households", type=int, default=20_000, help="of the sample town")
    return parser.parse_args()


def main() -> int:
    given = options()
    allowed = sorted(os.sched_getaffinity(0))
    apart = len(allowed) >= 4  # a core for each gateway, one for the driver, the rest for PostgreSQL
    at, own = cores()
    if at != own:
        os.sched_setaffinity(0, {own} if not apart else set(allowed[2:]))
    homes = (allowed[0], allowed[1]) if apart else (at, at)
    print(f"gateways on core {homes[0]} and {homes[1]}, load of the machine {os.getloadavg()[0]:.1f}")
    with (
        tempfile.TemporaryDirectory(prefix="jushe-two-") as folder,
        town.database("postgresql", Path(folder)) as url,
    ):
        found = asyncio.run(measure(url, Path(folder), given, homes))
    return told(found, apart)


async def measure(url: str, folder: Path, given: argparse.Namespace, homes: tuple[int, int]) -> Compared:
    place = await asyncio.to_thread(town.found, url, given.households)
    crowd = Crowd(labels(place.register))
    found = Compared()
    async with Sink() as api:
        servers: list[Server] = []
        try:
            for number in range(given.rounds):
                print(f"round {number + 1} of {given.rounds}", file=sys.stderr, flush=True)
                for kind, count in ((found.one, 1), (found.two, 2)):
                    while len(servers) < count:
                        core = homes[len(servers)]
                        servers.append(await asyncio.to_thread(serve, place, folder, api.url, core))
                        await settle(8.0)  # dictionaries are loaded meanwhile
                    await saturated(servers, crowd, given.seconds / 4, url, folder)  # plans and caches are made
                    kind.append(await saturated(servers, crowd, given.seconds, url, folder))
                    await settle(2.0)
                await asyncio.to_thread(servers.pop().stop)
        finally:
            for server in servers:
                server.kill()
    return found


async def saturated(servers: Sequence[Server], crowd: Crowd, seconds: float, url: str, folder: Path) -> Round:
    """As many connections to each process as to a single one; a sender always writes to the same process."""
    writer = Writer()
    lines = CONNECTIONS * len(servers)
    scripts: list[list[bytes]] = [[] for _ in range(lines)]
    made, wanted = 0, int(1500 * seconds * len(servers)) + lines
    for name, words in crowd.mixed():
        scripts[zlib.crc32(name.encode()) % lines] += [writer.text(name, said) for said in words]
        made += len(words)
        if made >= wanted:
            break
    before = sum(server.cpu_seconds() for server in servers), database_seconds(folder), errors(folder)
    looking = asyncio.create_task(looked(url))
    shares: list[list[Iterator[bytes]]] = [
        [iter(script) for script in scripts[at :: len(servers)]] for at in range(len(servers))
    ]
    loads = await asyncio.gather(
        *(closed(server.port, share, seconds) for server, share in zip(servers, shares, strict=True))
    )
    looking.cancel()
    cpu, database = sum(server.cpu_seconds() for server in servers) - before[0], database_seconds(folder) - before[1]
    waits, looks = await looking
    together = Load(max(load.seconds for load in loads))
    for load in loads:
        together.times.extend(load.times)
        together.wrong, together.lost = together.wrong + load.wrong, together.lost + load.lost
    return Round(together, cpu, database, waits, looks, errors(folder) - before[2])


async def looked(url: str) -> tuple[Counter[str], int]:
    """Until cancelled: what the sessions of the gateways wait for in the database, of locks of any kind."""
    waits: Counter[str] = Counter()
    looks = 0
    async with await psycopg.AsyncConnection.connect(plain(url), autocommit=True) as conn:
        try:
            while True:
                rows = await conn.execute(_WAITING)
                waits.update(row[0] for row in await rows.fetchall())
                looks += 1
                await asyncio.sleep(LOOK)
        except asyncio.CancelledError:
            return waits, looks


def errors(folder: Path) -> int:
    """Lines of the database's own log; whatever a turn that was undone met stands there."""
    return (folder / "pg" / "log").read_bytes().count(b" ERROR: ")


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def told(found: Compared, apart: bool) -> int:
    print(f"{'':<16}{'msg/s':>8}{'CPU µs':>8}{'database µs':>13}{'p50 ms':>8}{'p99 ms':>8}{'errors':>8}{'bad':>5}")
    for name, rounds in (("one process", found.one), ("two processes", found.two)):
        rate = median(one.load.rate for one in rounds)
        cpu, database = median(one.cpu_us for one in rounds), median(one.database_us for one in rounds)
        p50, p99 = (median(one.load.percentile(share) for one in rounds) * 1000 for share in (0.5, 0.99))
        refused, bad = sum(one.errors for one in rounds), sum(one.load.wrong + one.load.lost for one in rounds)
        print(f"{name:<16}{rate:>8.0f}{cpu:>8.0f}{database:>13.0f}{p50:>8.1f}{p99:>8.1f}{refused:>8}{bad:>5}")
        waits: Counter[str] = sum((one.waits for one in rounds), Counter())
        looks = sum(one.looks for one in rounds)
        seen = ", ".join(f"{what} {count / looks:.2f}" for what, count in waits.most_common(6)) or "none"
        print(f"{'':<16}sessions seen waiting at a look ({looks} looks): {seen}")
    by_clock = median(a.load.rate / b.load.rate for a, b in zip(found.two, found.one, strict=True))
    by_cpu = median(b.cpu_us / a.cpu_us for a, b in zip(found.two, found.one, strict=True))
    database = median(a.database_us / b.database_us for a, b in zip(found.two, found.one, strict=True))
    print(f"two / one: {by_clock:.2f} by the clock; a message costs the gateways {1 / by_cpu:.2f} times, ", end="")
    print(f"the database {database:.2f} times as much with two")
    print(f"so two cores of gateways carry {2 * by_cpu:.2f} times one, as long as the database does (goal {GOAL:g})")
    reached = by_clock if apart else 2 * by_cpu
    return 0 if reached >= FIRST and not any(one.load.lost for one in (*found.one, *found.two)) else 1


if __name__ == "__main__":
    sys.exit(main())
