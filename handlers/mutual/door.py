"""Which words about mutual help go where: a table, read from the top; and what the clock does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from handlers.mutual import asking
from handlers.mutual.facts import HelpEnded
from handlers.policy import Policy
from handlers.read import Read
from handlers.timing import TimerSet
from handlers.types import Fact, Outcome, Turn

Handler = Callable[[Turn, Read], Outcome | None]

TABLE: tuple[tuple[re.Pattern[str], Handler], ...] = (
    (re.compile(r"^(?:我?来|我)帮.{0,4}互助\s*\d+$|^我来帮互助\s*\d+"), asking.take),
    (re.compile(r"^(?:我?不|没法|不能)(?:来)?帮了?.{0,4}互助\s*\d+"), asking.release),
    (re.compile(r"^(?:回|回复|告诉)互助\s*\d+"), asking.write),
    (re.compile(r"^互助\s*\d+.{0,4}(?:好了|完了|解决了|还了)|^(?:帮好了|好了)互助\s*\d+"), asking.confirm),
    (re.compile(r"^(?:取消|不用了|撤回)互助\s*\d+"), asking.cancel),
    (re.compile(r"^(?:我)?(?:已经)?(?:借到|找到人|有人帮|不用借|不用帮)[^?吗]{0,14}$"), asking.served),
    (re.compile(r"^退出(?:邻里)?互助$"), asking.leave),
    (re.compile(r"^(?:邻里)?互助$|^(?:看看?)?(?:有什么|有哪些|哪些)(?:邻居)?(?:要帮忙?的|互助)"), asking.listed),
    (
        re.compile(
            r"^(?:现在)?(?:有谁|谁|有没有人|有人|有没有邻居|哪家|哪个邻居)(?:要|需要|想要)人?(?:帮忙?|帮助)[吗的呢?]*$"
        ),
        asking.listed,
    ),
    (
        re.compile(r"^(?:我也?)?(?:愿意|可以|能|来)(?:帮助?|给)?(?:邻居)?(?:帮忙|帮邻居)[。!！]*$|^(?:加入|登记)互助$"),
        asking.join,
    ),
)  # fmt: skip


def wanted(turn: Turn, read: Read) -> Outcome | None:
    handler = _fitting(turn.said.text.strip())
    return handler(turn, read) if handler else None


@lru_cache(4096)
def _fitting(words: str) -> Handler | None:
    """Of the first row that reads these words; remembered, because short messages come again and again."""
    return next((handler for pattern, handler in TABLE if pattern.search(words)), None)


def step(kind: str, subject: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The facts of a due timer: what nobody helped with ends; what is being helped with is looked at again."""
    found = read.help_held(subject)
    if found and found.state == "taken":
        return (TimerSet(subject, kind, now + timedelta(days=policy.help_days)),)
    return (HelpEnded(subject, "expired"),) if found and found.state == "open" else ()
