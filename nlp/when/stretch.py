"""A stretch of local time with what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp.quick import quick
from nlp.types import Grain


@quick
@dataclass(frozen=True, slots=True)
class Frame:
    """A stretch [start, end) of local time. `dated`: a day was said; `clock`: an hour was; `part`: of the day."""

    start: datetime
    end: datetime
    grain: Grain
    dated: bool = True
    clock: bool = False
    part: str = ""
    certain: bool = True
    bare: bool = False  # an hour that a part of the day or another hour may move
