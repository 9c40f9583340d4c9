"""One fault again and again under load, and the line of the table that comes of it."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.texts import RECORDED
from tests.faults.causes import Cause, Scene
from tests.faults.checker import Verdict, judge
from tests.faults.residents import Line, Residents, sample_crowd

AT_ONCE = 12
LIMIT = 5.0  # seconds the platform waits
BREATH = 0.3  # seconds at most between two messages while a process starts: it shares the cores with those who write
HEAD = (
    "fault",
    "database",
    "tries",
    "messages",
    "lost",
    "doubled",
    "reordered",
    "false",
    "slowest",
    "back after",
    "most",
)


@dataclass
class Row:
    """`back`: seconds from the end of each cause to the next proper answer; `slowest`: of any answer.

    `promised`: how many messages were only said to be recorded, so that their answer had to follow.
    """

    cause: Cause
    database: str
    tries: int
    verdict: Verdict = field(default_factory=Verdict)
    back: list[float] = field(default_factory=list)
    slowest: float = 0.0
    promised: int = 0

    @property
    def good(self) -> bool:
        return self.verdict.clean and max(self.back) <= 10.0 and (self.slowest < LIMIT or not self.cause.spared)

    def and_then(self, other: Row) -> Row:
        """Both as one: the same fault, tried again on another database."""
        wrong = {kind: [*items, *other.verdict.wrong[kind]] for kind, items in self.verdict.wrong.items()}
        verdict = Verdict(self.verdict.seen + other.verdict.seen, wrong)
        tries, back = self.tries + other.tries, [*self.back, *other.back]
        slowest, promised = max(self.slowest, other.slowest), self.promised + other.promised
        return Row(self.cause, self.database, tries, verdict, back, slowest, promised)

    def cells(self) -> tuple[str, ...]:
        count = self.verdict.count
        return (
            f"{self.cause.number} {self.cause.words}", self.database, str(self.tries),
            str(self.verdict.seen["messages"]), *(str(count(kind)) for kind in self.verdict.wrong),
            f"{self.slowest:.1f} s", f"{statistics.median(self.back):.1f} s", f"{max(self.back):.1f} s",
        )  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|" + " --- |" * len(HEAD)]
    lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines)


async def trial(cause: Cause, scene: Scene, tries: int, minutes: float = 0.0) -> Row:
    """Processes are up. Load, cause, recovery, again; then everything is ended and judged.

    With `minutes` so long, however many tries that makes.
    """
    house = scene.house
    residents = Residents(house.ports, sample_crowd(), scene.chance, copies=2, apart=cause.hosts)
    row = Row(cause, "postgresql" if house.several else "sqlite", 0)
    until = time.monotonic() + minutes * 60
    under_way = True
    load = asyncio.create_task(residents.many(AT_ONCE, lambda _: under_way))
    try:
        while time.monotonic() < until if minutes else row.tries < tries:
            row.tries += 1
            await residents.said(30)
            await asyncio.sleep(scene.chance.uniform(0.0, 0.5))
            residents.pause = BREATH if cause.breath else 0.0
            await cause.happen(scene)
            residents.pause = 0.0
            row.back.append(await _recovered(residents))
            if load.done():
                break
    finally:
        under_way = False
        try:
            await load
        except BaseException:
            print("\n".join(server.tail() for server in house.servers))
            raise
    await house.spool_empty()
    await asyncio.sleep(2.0)  # belated answers are written behind the last look at the spool
    house.end()
    row.verdict = judge(house, residents.history)
    row.slowest = max(told.slowest for told in residents.history)
    row.promised = sum(set(told.answers) <= {"", RECORDED} for told in residents.history)
    return row


async def _recovered(residents: Residents) -> float:
    """Seconds until every process answers a newcomer properly again. Raises TimeoutError after a minute."""
    began = time.monotonic()
    async with asyncio.timeout(60):
        for port in residents.ports:
            line = Line(port)
            try:
                while True:
                    told = await residents.tell(residents.crowd.newcomer().name, "你好", [line])
                    if told.answers[0] not in ("", RECORDED):
                        break
                    await asyncio.sleep(0.1)
            finally:
                line.close()
    return time.monotonic() - began


def chance(seed: int) -> random.Random:
    return random.Random(seed)
