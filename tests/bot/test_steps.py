"""What follows the facts goes in steps, and leaves the interpreter to messages between them."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import jobs
from bot.app import App


@pytest.mark.parametrize(("waiting", "rest"), [(0, 2.0), (15, 2.0), (16, 12.0), (400, 12.0)])
async def test_the_more_messages_wait_the_longer_it_rests(
    monkeypatch: pytest.MonkeyPatch, waiting: int, rest: float
) -> None:
    moments, rested, left = itertools.count(), [], iter((3, 2, 1, 0))  # a step takes a second, and what it did

    async def sleep(seconds: float) -> None:
        rested.append(seconds)

    async def to_thread(step: Any) -> Any:
        next(moments)
        return step()

    clock = SimpleNamespace(monotonic=lambda: next(moments) / 2)
    monkeypatch.setattr(jobs, "time", clock)
    monkeypatch.setattr(jobs, "asyncio", SimpleNamespace(sleep=sleep, to_thread=to_thread))
    app = cast(App, SimpleNamespace(jobs=SimpleNamespace(stopping=False), turns=SimpleNamespace(waiting=waiting)))
    assert await jobs._in_steps(app, lambda: next(left), 1000.0) == 6
    assert rested == [rest] * 3
