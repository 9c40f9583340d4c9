"""A clock that runs faster, and a town that lives by it: residents by the hour, leaders who answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.app import App
from bot.channels.base import SendFailed
from bot.gateway import Late
from handlers.types import Inbound, Sender
from storage.queue import Outgoing
from tests.bench.traffic import PROGRESS, SMALL_TALK, YES
from tests.faults.residents import sample_crowd

BEGINS = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)  # midnight in Shanghai, a Tuesday
BY_HOUR = (2, 1, 1, 1, 1, 3, 8, 14, 18, 18, 16, 14, 12, 12, 14, 16, 18, 22, 30, 34, 30, 20, 10, 5)  # scenes
FAILS = 0.002


@dataclass
class Fast:
    """A clock `speed` times as fast as the real one."""

    speed: float
    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return BEGINS + timedelta(seconds=(time.monotonic() - self.began) * self.speed)

    async def sleep(self, minutes: float) -> None:
        await asyncio.sleep(minutes * 60 / self.speed)


@dataclass
class Town:
    """Everybody on one channel: who gets a push may answer it, some time later."""

    app: App
    clock: Fast
    chance: random.Random
    name: str = "terminal"
    sent: Counter[int] = field(default_factory=Counter)
    failed: int = 0
    said: int = 0
    answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def send(self, out: Outgoing) -> str:
        if self.chance.random() < FAILS:
            self.failed += 1
            raise SendFailed("-1", retry=True, wait=60.0)
        self.sent[out.id] += 1
        if out.choices and out.sender and self.chance.random() < 0.8:
            task = asyncio.create_task(self._answer(out, out.sender))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        return "terminal"

    async def _answer(self, out: Outgoing, sender: Sender) -> None:
        await self.clock.sleep(self.chance.expovariate(1 / 25))
        first = out.choices[0]
        await self.say(sender, first.means if out.kind == "task" else self.chance.choice(out.choices).means)
        if out.kind == "task" and "接单" in first.means:
            await self.clock.sleep(self.chance.expovariate(1 / 90))
            await self.say(sender, first.means.replace("接单", "办结") + " 已经修好")

    async def say(self, sender: Sender, words: str) -> None:
        self.said += 1
        with suppress(Late):  # its answer follows
            await self.app.gateway.receive(Inbound(sender, f"d:{self.said}", self.clock(), text=words))

    async def scene(self, sender: Sender, words: tuple[str, ...]) -> None:
        for one in words:
            await self.say(sender, one)
            await self.clock.sleep(self.chance.uniform(0.2, 2.0))


async def live(app: App, town: Town, scenes: int) -> None:
    """`scenes` a day, by the hour."""
    crowd, total = sample_crowd(), sum(BY_HOUR)
    everybody: list[asyncio.Task[None]] = []
    for hour, share in enumerate(BY_HOUR):
        for _ in range(round(scenes * share / total)):
            person = crowd.newcomer()
            words = ("你好", crowd.fault(person), YES, PROGRESS) if town.chance.random() < 0.6 else (
                town.chance.choice(SMALL_TALK), PROGRESS)  # fmt: skip
            sender = Sender("terminal", "-", person.name)
            everybody.append(asyncio.create_task(_at(town, hour + town.chance.random(), sender, words)))
    await asyncio.gather(*everybody)
    await town.clock.sleep(max(0.0, (BEGINS + timedelta(hours=24) - town.clock()).total_seconds() / 60))
    while town.answering:
        await asyncio.wait(town.answering)


async def _at(town: Town, hour: float, sender: Sender, words: tuple[str, ...]) -> None:
    wait = (BEGINS + timedelta(hours=hour) - town.clock()).total_seconds()
    await town.clock.sleep(max(0.0, wait / 60))
    await town.scene(sender, words)
