"""When an answer is sure enough to be given, and when it is only offered; standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Sure = Literal["sure", "near", "unsure"]


def how_sure(likenesses: Sequence[float], sure: float, near: float, apart: float) -> Sure:
    """ "sure": the best is at least `sure` and `apart` ahead of the next; "near": worth asking about; else "unsure".

    A wrong answer costs more than a question asked back: two answers as likely as each other are asked about.
    """
    best, second = (*likenesses, 0.0, 0.0)[:2]
    if best >= sure and best - second >= apart:
        return "sure"
    return "near" if best >= near else "unsure"
