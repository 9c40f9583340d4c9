"""What the desk does beside a ticket's life: notes of the house, talking with the resident itself, covered photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.types import Fact, private


@dataclass(frozen=True, slots=True)
class NoteKept(Fact):
    """A note of the house: no resident ever reads it. `mentioned` are told."""

    ticket: int
    person: int
    words: str = private()
    mentioned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeoverBegun(Fact):
    """`by` talks with the resident `person`; until then without a word of theirs the bot is silent."""

    ticket: int
    person: int
    by: int
    until: datetime


@dataclass(frozen=True, slots=True)
class TakeoverEnded(Fact):
    """`why`: handed (given back), timeout (nobody spoke), danger (the bot had to speak)."""

    ticket: int
    person: int
    by: int
    why: str


@dataclass(frozen=True, slots=True)
class DeskSpoke(Fact):
    """A word to the resident who is talked with; `until` moves on with it."""

    ticket: int
    person: int
    by: int
    until: datetime
    words: str = private()


@dataclass(frozen=True, slots=True)
class PhotoCovered(Fact):
    """Faces or plates of a photo were made unreadable; `file` takes its place, the original stays with the desk."""

    ticket: int
    by: int
    medium: int
    file: str


@dataclass(frozen=True, slots=True)
class PhotoRestored(Fact):
    """The original is shown again."""

    ticket: int
    by: int
    medium: int


DeskFact = NoteKept | TakeoverBegun | TakeoverEnded | DeskSpoke | PhotoCovered | PhotoRestored
