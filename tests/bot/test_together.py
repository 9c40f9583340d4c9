"""What comes while one piece is under way shares the next; everybody gets his own answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.together import Together


async def test_together_and_each_his_own() -> None:
    batches: list[list[int]] = []
    go = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        go.wait(5)
        return [item * 10 for item in items]

    together = Together(work)
    first = asyncio.create_task(together(1))
    while not batches:  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.005)
    others = [asyncio.create_task(together(number)) for number in range(2, 6)]
    await asyncio.sleep(0.02)
    go.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40, 50]
    assert batches == [[1], [2, 3, 4, 5]]


async def test_a_failure_is_of_those_who_shared_it() -> None:
    def work(items: Sequence[int]) -> list[int]:
        if 1 in items:
            raise OSError("away")
        return list(items)

    together = Together(work)
    failed = await asyncio.gather(together(0), together(1), together(2), return_exceptions=True)
    assert [type(error) for error in failed] in ([int, OSError, OSError], [OSError] * 3)
    assert await together(3) == 3


async def test_one_who_goes_does_not_hold_up_the_others() -> None:
    go = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        go.wait(5)
        return list(items)

    together = Together(work)
    first, second = asyncio.create_task(together(1)), asyncio.create_task(together(2))
    await asyncio.sleep(0.02)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    go.set()
    assert await first == 1
    assert await together(3) == 3
