"""A gateway over turns that answer when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from bot.gateway import Gateway
from bot.metrics import Metrics
from bot.running import Replies
from bot.spool import Spool
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Inbound, Outcome, Reply, Sender
from nlp.register import EMPTY
from nlp.types import Understanding
from storage.turns import Done, Turns
from storage.unit import Told

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
ANNA = Sender("webchat", "-", "anna")


def message(key: str = "1", text: str = "3幢楼道灯坏了", sender: Sender = ANNA) -> Inbound:
    return Inbound(sender, key, AT, text=text)


@dataclass
class FakeTurns:
    """Answers when told to; keeps what it was given."""

    submitted: list[Inbound] = field(default_factory=list)
    waiting: list[Future[Done]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    answer: Callable[[], Done] | None = lambda: Done((Reply("好的"),), False, 7, ())
    known: Replies | None = None

    def submit(self, inbound: Inbound, said: Understanding, now: datetime) -> Future[Done]:
        self.submitted.append(inbound)
        future: Future[Done] = Future()
        self.waiting.append(future)
        if self.answer is not None:
            self.settle(self.answer)
        return future

    def rests(self, sender: Sender) -> bool:
        return self.known is not None

    def at_once(self, inbound: Inbound, said: Understanding, now: datetime) -> Replies | None:
        return self.known

    def take(self, inbound: Inbound, said: Understanding, now: datetime, told: Told) -> None:
        self.submit(inbound, said, now).add_done_callback(lambda done: told(done.exception() or done.result()))

    def settle(self, answer: Callable[[], Done]) -> None:
        future = self.waiting[-1]
        try:
            future.set_result(answer())
        except Exception as error:
            future.set_exception(error)

    def run(
        self, work: Callable[[Read], Outcome], now: datetime, via: str, actor: int = 0, name: str = ""
    ) -> Future[Done]:
        self.outcomes.append(work(cast(Read, None)))
        future: Future[Done] = Future()
        future.set_result(Done((), False, 0, ()))
        return future


def gateway(turns: FakeTurns, spool: Spool, **more: Any) -> Gateway:
    policy = more.pop("policy", Policy())
    return Gateway(
        cast(Turns, turns), spool, lambda: EMPTY, policy, Metrics(), lambda: AT, address="http://here", **more
    )


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


def raising(error: Exception) -> Callable[[], Done]:
    def answer() -> Done:
        raise error

    return answer
