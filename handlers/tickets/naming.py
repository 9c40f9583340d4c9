"""Which of several tickets the words mean when no number is said: 「灯还是没亮」 is the one about the lamp."""

from __future__ import annotations

import re

from handlers.read import Ticket
from handlers.types import Turn

# what stands in any matter and tells none apart
_COMMON = re.compile("没人|有人|怎么|什么|还没|那个|这个|我家|我们|你们|好了|坏了|一下|现在|楼上|楼下|门口|已经|事情")
_LETTERS = frozenset(
    "的了啊呀吗呢吧个是我你他她不没还也有在就都去来说到好坏修弄撤回报催办查补充前后上下大小第一二三四五几天"
)
_SHORT = 14  # letters; one letter of a long sentence names nothing


def named(turn: Turn, tickets: tuple[Ticket, ...]) -> tuple[Ticket, ...]:
    """The one that the words name, by its kind or its own words; all of them where they name none or several."""
    if len(tickets) < 2:
        return tickets
    kind = tuple(t for t in tickets if turn.said.category and t.category == turn.said.category)
    text = _COMMON.sub(" ", turn.said.text)
    words = tuple(t for t in tickets if _pairs(text) & _pairs(_COMMON.sub(" ", t.summary)))
    letters = set(text) - _LETTERS if len(text) <= _SHORT else set()
    said = tuple(t for t in tickets if letters & set(_COMMON.sub("", t.summary)))
    return next((some for some in (kind, words, said) if len(some) == 1), tickets)


def _pairs(text: str) -> set[str]:
    return {pair for at in range(len(text) - 1) if " " not in (pair := text[at : at + 2])}
