"""What comes in from other platforms, in the past tense. Applied by storage/received.py."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class MatterReceived(Fact):
    """A ticket is what another platform knows under a number of its own."""

    ticket: int
    source: str
    external: str
    contact: str = private(default="")
