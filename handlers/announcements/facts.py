"""What can happen to announcements, in the past tense. Applied by storage/announcements.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.announcements.rules import Act, Kind, State
from handlers.types import Fact, private


class AnnouncementFact(Fact):
    """Base of these."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AnnouncementWritten(AnnouncementFact):
    """Written, or written anew: it is a draft again and whoever approved it before has to look again."""

    announcement: int
    number: int
    community: int
    by: int
    kind: Kind
    muster: bool
    drill: bool
    places: tuple[tuple[str, int], ...]
    roles: tuple[str, ...]
    at: datetime | None
    title: str = private()
    words: str = private()


@dataclass(frozen=True, slots=True)
class AnnouncementMoved(AnnouncementFact):
    """One row of rules.MOVES. `people`: the audience as counted or frozen."""

    announcement: int
    act: Act
    before: State
    after: State
    by: int
    people: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementTried(AnnouncementFact):
    """Sent to the one who writes it, to see how it looks."""

    announcement: int
    by: int


@dataclass(frozen=True, slots=True)
class AudienceKept(AnnouncementFact):
    """An audience was given a name, to be used again."""

    audience: int
    community: int
    by: int
    name: str
    places: tuple[tuple[str, int], ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticesSet(AnnouncementFact):
    """A resident does not want 一般通知 any more (`on` False), or wants them again."""

    person: int
    on: bool


@dataclass(frozen=True, slots=True)
class MusterAnswered(AnnouncementFact):
    """`answer`: rules.YES or NO; `minutes` until the person is there, 0 when not said."""

    announcement: int
    person: int
    answer: str
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class MusterSaid(AnnouncementFact):
    """Who comes says how it stands: there, or what is missing. Who called hears it."""

    announcement: int
    person: int
    words: str = private()


@dataclass(frozen=True, slots=True)
class MusterClosed(AnnouncementFact):
    """Stood down 解除; `by` 0: by the clock."""

    announcement: int
    by: int


@dataclass(frozen=True, slots=True)
class MusterPurged(AnnouncementFact):
    """Who was called and what they answered is gone (突发事件应对法 art. 85); the numbers stay."""

    announcement: int
    people: int
    yes: int
    no: int
