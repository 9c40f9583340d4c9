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


@dataclass(frozen=True, slots=True)
class IntentCorrected(Fact):
    """The desk said what a message was meant as; its words become an example. The ticket stays as it is.

    `was`: how these words were read then, "" when unsure. Both are names of nlp.types.INTENTS.
    """

    ticket: int
    by: int
    was: str
    intent: str
    example: int
    words: str = private(default="")
