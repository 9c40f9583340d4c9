"""What announcements need to know: their values and the questions they ask of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.announcements.rules import Kind, State
from handlers.types import Person


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant. `places`: (a key of rules.AREAS, its id); `roles`: keys of rules.ROLES, () everybody there.

    `adults`: of the volunteers only those known to be grown up, who alone are called to a rescue (条例 art. 39).
    """

    places: tuple[tuple[str, int], ...]
    roles: tuple[str, ...] = ()
    adults: bool = False


@dataclass(frozen=True, slots=True)
class Reached:
    """How many an audience has. `names`: of the first ones, masked; `where`: its places in words."""

    people: int
    declined: int = 0  # of them: unsubscribed from 一般通知
    no_address: int = 0  # of them: nothing can be sent to
    names: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """`people`: the frozen audience, 0 before; `closed`: a mobilisation was stood down."""

    id: int
    number: int
    community: int  # that speaks
    by: int
    title: str
    words: str
    kind: Kind
    audience: Audience
    state: State = State.DRAFT
    muster: bool = False  # 应急动员: answered by 「我去」 or 「来不了」
    drill: bool = False  # 演练
    at: datetime | None = None  # scheduled for
    second: int = 0
    people: int = 0
    created: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """To a mobilisation, of those whom it reached."""

    yes: int
    no: int
    silent: int


class ReadAnnouncements(Protocol):
    def announcement(self, announcement: int) -> Announcement | None: ...
    def announcement_numbered(self, number: int) -> Announcement | None: ...
    def new_announcement_number(self) -> int: ...
    def communities_of(self, places: tuple[tuple[str, int], ...]) -> frozenset[int]:
        """Where these places are; 0 stands for one that does not exist."""
        ...

    def reached(self, audience: Audience) -> Reached:
        """Counted now; the audience itself is frozen when it starts."""
        ...

    def announcements_for(self, person: Person, since: datetime, limit: int) -> tuple[Announcement, ...]:
        """Those that went to the person, or to everybody where the person lives; the newest first."""
        ...

    def recipients_in(self, announcement: int) -> dict[str, int]:
        """How many recipients stand how: rules.Place → number."""
        ...

    def same_announced(self, community: int, words: str, since: datetime) -> int:
        """How many announcements of these words began since then."""
        ...

    def notices_declined(self, person: int) -> bool: ...
    def muster_of(self, person: int) -> tuple[Announcement, str] | None:
        """The newest mobilisation that is on and reached this person, with the person's answer ("" for none)."""
        ...

    def musters_on(self, communities: tuple[int, ...]) -> tuple[Announcement, ...]:
        """Mobilisations of these communities that are not stood down, the newest first, at most five."""
        ...

    def muster_answers(self, announcement: int) -> Answers: ...
    def muster_coming(self, announcement: int) -> tuple[int, ...]:
        """Who answered 「我去」, at most two thousand person ids."""
        ...
