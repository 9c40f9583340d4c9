"""What words said later add to the place of a matter: the same 小区 unless another is named, a unit, a room."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import forms
from handlers.read import Read
from nlp.types import Place, PlaceReading

_DEEPER = re.compile(
    r"^(?:不对|[说写报搞弄打]错了|不是的|不是|对|嗯|是|就是|在|住|我住|我家|我们家|应该是|[ ,，])*"
    r"(?:(\d{1,2})单元)?[ ,，]*"
    r"(?:(\d{3,4})(?:室|号|的|房)?)?(?:[的呀啊哦吧呢 ,.。]|[我刚才]*(?:说|写|报|搞|弄)错了)*$"
)


def same_estate(reading: PlaceReading, place: Place | None) -> PlaceReading:
    """「不对,是4幢」 stays in the 小区 that was spoken of."""
    if place is None or reading.named_estate or len(reading.found) < 2:
        return reading
    inside = tuple(one for one in reading.found if one.estate == place.estate)
    return replace(reading, found=inside or reading.found)


def names_inside(words: str, place: Place | None) -> bool:
    """「1单元」 「501」 after a building."""
    match = _DEEPER.match(words)
    return bool(place and place.building and match and (match[1] or match[2]))


def deeper(words: str, place: Place, read: Read) -> Place | None:
    """The household's place of the register that such words mean; None where there is none."""
    match = _DEEPER.match(words)
    if match is None:
        return None
    asked = replace(forms.of_building(place), unit=match[1] or place.unit, room=match[2] or "")
    found = read.households_at(asked)
    if not match[2]:
        return forms.of_building(found[0].place) if found else None
    return found[0].place if len(found) == 1 else None
