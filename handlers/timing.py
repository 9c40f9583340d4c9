"""A later step of any feature, in the past tense: set or cleared. Fired by handlers/clockwork.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.types import Fact
from nlp.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class TimerSet(Fact):
    """One open timer per (subject, kind): setting it again moves it.

    `ticket` is the subject's id: a ticket's, an activity's, a redemption's … with a kind of that feature ("pt_code").
    """

    ticket: int
    kind: str  # at most 12 characters
    due: datetime


@dataclass(frozen=True, slots=True)
class TimersCleared(Fact):
    ticket: int
    kinds: tuple[str, ...]
