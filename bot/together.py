"""Many small pieces of database work as few transactions: what comes while one is under way shares the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`work(items)` runs in a thread and gives a result for each, in order; what it raises, all of them raise."""

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._work = work
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._turn = asyncio.Lock()

    async def __call__(self, item: T) -> R:
        mine: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, mine))
        async with self._turn:
            if not mine.done():
                await self._run()
        return mine.result()

    async def _run(self) -> None:
        several, self._waiting = self._waiting, []
        try:
            results = await asyncio.to_thread(self._work, [item for item, _ in several])
        except BaseException as error:
            for _, waiting in several:
                waiting.set_exception(error if isinstance(error, Exception) else asyncio.CancelledError())
                waiting.exception()  # the one who ran raises it too: it is never left unseen
            raise
        for (_, waiting), result in zip(several, results, strict=True):
            waiting.set_result(result)
