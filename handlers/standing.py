"""Answers for which nothing is looked up and nothing changes: 菜单, a greeting, thanks; their words are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Never, cast

from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn

_ACTIONS = frozenset({
    ("account_privacy", "menu"), ("smalltalk_invalid", "greet"), ("smalltalk_invalid", "thanks"),
    ("smalltalk_invalid", "bye"), ("smalltalk_invalid", "robot"), ("smalltalk_invalid", "test"),
})  # fmt: skip


class _Asked(Exception):  # a thing that happened, not a fault
    """The handler wants to know something of the database."""


class _Closed:
    """A Read that answers nothing."""

    def __getattr__(self, name: str) -> Never:
        raise _Asked(name)


_CLOSED = cast(Read, _Closed())


def answer(turn: Turn, decide: Callable[[Turn, Read], Outcome]) -> tuple[Reply, ...] | None:
    """What `decide` says to one of these; None when it asks, changes, pushes or refuses anything, or says nothing."""
    if (turn.said.intent, turn.said.action) not in _ACTIONS:
        return None  # 「对」 goes a long way before it asks
    try:
        out = decide(turn, _CLOSED)
    except (_Asked, Refused):
        return None
    return None if out.facts or out.pushes or out.dialog != "keep" else out.replies or None
