"""One server and its driver: a stage is a stretch of one kind of traffic, measured; not what is wanted of it."""

from __future__ import annotations

import asyncio
import itertools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.bench.driver import Load, closed, steady
from tests.bench.messages import Writer
from tests.bench.process import Server
from tests.bench.traffic import Crowd, Scene

CONNECTIONS = 64  # and so many messages in flight: what waits behind a commit shares the next
LINES = 256  # of the open loop
THINK = 0.7  # seconds between two messages of one scene in the open loop
RESTING = 0.15  # share of a core a server uses that has nothing to catch up with
SPARE = 1.5  # times as many messages are prepared as the last round sent


@dataclass
class Measured:
    """Rounds of one kind. Medians, because the machine is shared."""

    loads: list[Load] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # seconds of the server process, a round each
    left: list[float] = field(default_factory=list)  # the same until it was at rest afterwards

    def add(self, load: Load, cpu: float) -> None:
        self.loads.append(load)
        self.cpu.append(cpu)

    @property
    def rate(self) -> float:
        return median(load.rate for load in self.loads)

    @property
    def cpu_us(self) -> float:
        return median(cpu / max(1, load.count) * 1e6 for cpu, load in zip(self.cpu, self.loads, strict=True))

    @property
    def left_us(self) -> float:
        """What a message leaves to be done after its answer: chain, index, sums, pushes."""
        each = [cpu / max(1, load.count) * 1e6 for cpu, load in zip(self.left, self.loads, strict=False)]
        return median(each) if each else 0.0

    @property
    def spread(self) -> float:
        """(fastest - slowest) / median of the rounds: the noise of this run."""
        rates = [load.rate for load in self.loads]
        return (max(rates) - min(rates)) / self.rate if self.rate else 0.0

    def percentile_ms(self, share: float) -> float:
        return median(load.percentile(share) for load in self.loads) * 1000

    @property
    def bad(self) -> int:
        return sum(load.wrong + load.lost for load in self.loads)

    @property
    def driver(self) -> float:
        """Share of a core the driver used; near 1 it measured itself."""
        return median(load.own_cpu / load.seconds if load.seconds else 0.0 for load in self.loads)


@dataclass
class Driver:
    """Sends scenes to one server. A sender always uses the same connection, so that order is kept."""

    server: Server
    writer: Writer = field(default_factory=Writer)
    in_flight: int = CONNECTIONS
    rate: dict[str, float] = field(default_factory=dict)  # kind → messages/s seen last
    sent: int = 0

    async def saturate(self, kind: str, scenes: Iterable[Scene], seconds: float) -> tuple[Load, float]:
        """The load of a closed loop, and the server's CPU seconds meanwhile."""
        wanted = int(self.rate.get(kind, 2500.0) * seconds * SPARE) + self.in_flight
        scripts: list[list[bytes]] = [[] for _ in range(self.in_flight)]
        made = 0
        for name, words in scenes:
            script = scripts[zlib.crc32(name.encode()) % self.in_flight]
            script += [self.writer.text(name, said) for said in words]
            made += len(words)
            if made >= wanted:
                break
        before = self.server.cpu_seconds()
        load = await closed(self.server.port, [iter(script) for script in scripts], seconds)
        self.rate[kind] = load.rate
        self.sent += load.count
        return load, self.server.cpu_seconds() - before

    async def all_of(self, scenes: Iterable[Scene]) -> Load:
        """Everything, as fast as it goes; for what must be there before a measurement."""
        scripts: list[list[bytes]] = [[] for _ in range(self.in_flight)]
        for name, words in scenes:
            scripts[zlib.crc32(name.encode()) % self.in_flight] += [self.writer.text(name, said) for said in words]
        load = await closed(self.server.port, [iter(script) for script in scripts], 600.0)
        self.sent += load.count
        return load

    async def rested(self, most: float = 60.0) -> float:
        """Wait until what the flood left behind is done (pushes, sums, index): a second with little work, at most
        `most` seconds. The CPU seconds it took."""
        began = self.server.cpu_seconds()
        for _ in range(int(most)):
            before = self.server.cpu_seconds()
            await asyncio.sleep(1.0)
            if self.server.cpu_seconds() - before < RESTING:
                break
        return self.server.cpu_seconds() - began

    async def steadily(self, crowd: Crowd, rate: float, seconds: float) -> tuple[Load, float]:
        """Open loop of mixed traffic, `rate` messages a second at random moments."""
        events = [
            (due, zlib.crc32(name.encode()) % LINES, self.writer.text(name, said))
            for due, name, said in spread(crowd, rate, seconds)
        ]
        before = self.server.cpu_seconds()
        load = await steady(self.server.port, events, LINES)
        self.sent += load.count
        return load, self.server.cpu_seconds() - before


def spread(crowd: Crowd, rate: float, seconds: float) -> list[tuple[float, str, str]]:
    """(second, sender, words) of mixed traffic at random moments, by time; nobody waits for an answer."""
    said: list[tuple[float, str, str]] = []
    for name, words in crowd.mixed():
        start = crowd.chance.uniform(0, seconds)
        said += [(start + at * THINK, name, each) for at, each in enumerate(words)]
        if len(said) >= rate * seconds:
            break
    return sorted(said, key=lambda one: one[0])


def floor_scripts(writer: Writer, in_flight: int = CONNECTIONS) -> list[Iterator[bytes]]:
    """The same kind of requests for the floor; what they say does not matter to it."""
    ready = [writer.text(f"oF{number:026d}", "菜单") for number in range(in_flight * 4)]
    return [itertools.cycle(ready[at::in_flight]) for at in range(in_flight)]


async def settle(seconds: float) -> None:
    """Lets the server finish pushes and its first jobs, so that they are not counted to the next stage."""
    await asyncio.sleep(seconds)
