"""代报: a leader, child or social worker reports for somebody, who is told and may rate (domain.md §2.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.read import Read
from nlp.types import Place

_FOR = re.compile(
    r"^(?:我)?(?:替|代|帮)(?P<who>(?:[^,，:：。报反说]{0,12}?)(?:奶奶|爷爷|阿姨|大爷|大妈|叔叔|伯伯|婆婆|妈妈|爸爸|妈|爸|老人|[\u4e00-\u9fff]{2,3}))"
    r"(?:来)?(?:报事|报修|报一下|报个|报|反映|说一下|说)[,，:：\s]*(?=.)"
)
_PLACE = re.compile(r"\d+(?:幢|栋|号楼|号|单元|室|-)")
_TITLE = re.compile(r"(?:奶奶|爷爷|阿姨|大爷|大妈|叔叔|伯伯|婆婆|老人)$")


@dataclass(frozen=True, slots=True)
class Proxy:
    """`name` as it was said; `rest`: the message without the beginning."""

    name: str
    rest: str


def read_proxy(text: str) -> Proxy | None:
    """「替李奶奶报 …」; None when the message is for the writer."""
    match = _FOR.match(text.strip())
    if match is None:
        return None
    name = match.group("who")
    last = [m.end() for m in _PLACE.finditer(name)]
    return Proxy(name[last[-1] :] if last else name, text.strip()[match.end() :])


def who_is(name: str, place: Place | None, teller: int, read: Read) -> int:
    """The person here that is meant: registered at the room, of that name or family name; 0 when not certain."""
    if place is None:
        return 0
    family = _TITLE.sub("", name)
    found = [p for p in (read.person(one) for one in read.dwellers(place) if one != teller) if p and p.name]
    named = [p for p in found if family and (p.name == family or p.name.startswith(family[:1]))]
    return named[0].id if len(named) == 1 else 0


def without(words: str) -> str:
    """The matter without 「替李奶奶报」."""
    found = read_proxy(words)
    return found.rest if found else words
