"""What the desk teaches, in the past tense. Applied by storage/learning.py."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class CategoryCorrected(Fact):
    """The desk gave a ticket another category; its words become an example to learn from.

    Who handles it, and its limits, stay as they are: that is another decision of the desk.
    """

    ticket: int
    by: int
    was: str
    category: str
    example: int
    words: str = private(default="")
