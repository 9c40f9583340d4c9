"""Many questions in one message: each is looked up; what is known is told, the rest goes to a person."""

from __future__ import annotations

import re

from handlers.knowledge.port import Known
from handlers.knowledge.rules import SHANGHAI, how_sure
from handlers.read import Read
from handlers.types import Turn

_PARTS = re.compile(r"[\s,，.。;；?？!！、]+|还有")
_LEAD = re.compile("^(?:我)?(?:想|要)?(?:请?问一?下|请问|问问|咨询一?下)")
_ASKS = re.compile("吗|么|呢|怎么|哪|什么|几|多少|谁|有没有|能不能|可不可以|在不在|要不要")
_LEAST, _MOST, _LETTERS = 3, 12, 4


def several(turn: Turn, read: Read) -> tuple[tuple[Known, ...], tuple[str, ...]]:
    """What is known of the questions of a message, and those that are not; nothing of both for fewer than three."""
    parts = [part for one in _PARTS.split(turn.inbound.text) if (part := _LEAD.sub("", one))]
    parts = [part for part in parts if len(part) >= _LETTERS and _ASKS.search(part)]
    if len(parts) < _LEAST:
        return (), ()
    today, policy = turn.now.astimezone(SHANGHAI).date(), turn.policy
    known: dict[int, Known] = {}
    rest: list[str] = []
    for part in parts[:_MOST]:
        found = read.known_answers(part, turn.who.community, today)
        likeness = [one.likeness for one in found]
        if how_sure(likeness, policy.knowledge_sure, policy.knowledge_near, policy.knowledge_apart) == "sure":
            known[found[0].id] = found[0]
        else:
            rest.append(part)
    return tuple(known.values()), (*rest, *parts[_MOST:])
