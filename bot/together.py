"""Many small pieces of work as few transactions: what comes while one is under way shares the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """`work(items)` runs in a thread and gives a result for each, in order; what it raises, all of them raise.

    `gather`: seconds to wait for more while several come at a time. `threads`: others than everybody's.
    """

    def __init__(
        self, work: Callable[[Sequence[T]], Sequence[R]], gather: float = 0.0, threads: Executor | None = None
    ) -> None:
        self._work = work
        self._threads = threads
        self._gather = gather
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, item: T) -> R:
        mine: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, mine))
        if self._task is None:
            self._task = asyncio.create_task(self._run())  # its own: who stops waiting stops nobody else
        return await mine

    async def _run(self) -> None:
        while self._waiting:
            if self._gather and len(self._waiting) > 1:
                await asyncio.sleep(self._gather)
            several, self._waiting = self._waiting, []
            try:
                loop = asyncio.get_running_loop()
                results = await loop.run_in_executor(self._threads, self._work, [item for item, _ in several])
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                for _, waiting in several:
                    if not waiting.done():
                        waiting.set_exception(error)
            else:
                for (_, waiting), result in zip(several, results, strict=True):
                    if not waiting.done():
                        waiting.set_result(result)
        self._task = None
