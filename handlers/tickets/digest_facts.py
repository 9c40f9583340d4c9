"""That somebody was told of several matters at once; stands in the log only."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class DigestTold(Fact):
    """`kind`: digest (a supervisor's, at set times) or reminder (what a member has not read)."""

    person: int
    kind: str
    count: int  # matters it speaks of
    words: str = private()
