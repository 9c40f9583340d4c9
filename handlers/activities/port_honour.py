"""Stars, photos, a team's new captain and its 备案: their values and the questions asked of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StarRequest:
    """Somebody asked for a star. `state`: asked shown objected granted refused; `until`: end of the 公示."""

    id: int
    number: int  # how it is called, counted in its community: 星级3
    person: int
    community: int
    star: int
    half: int  # half hours when it was asked for
    state: str
    until: datetime | None = None
    objector: int = 0
    objection: str = ""


@dataclass(frozen=True, slots=True)
class PhotoAsked:
    """A photo in which somebody is, and whose answer is waited for or was yes."""

    photo: int
    activity: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """A team's 备案 with the community (domain.md §7.2). `state`: asked filed refused."""

    id: int
    team: int
    category: str
    venue: str
    funds: str
    state: str
    number: str = ""


class ReadHonour(Protocol):
    def next_star_number(self, community: int) -> int: ...
    def star_request(self, request: int) -> StarRequest | None: ...
    def star_numbered(self, community: int, number: int) -> StarRequest | None: ...
    def star_pending(self, person: int) -> StarRequest | None:
        """The one that is neither granted nor refused."""
        ...

    def stars_granted(self, person: int) -> int:
        """The highest star that was granted, 0 for none."""
        ...

    def star_certificate(self, person: int) -> tuple[int, str] | None:
        """(star, serial) of the highest that was granted."""
        ...

    def star_requests_in(self, community: int) -> tuple[StarRequest, ...]:
        """What is not decided, oldest first, at most fifty."""
        ...

    def star_serial(self, request: int, day: str) -> str:
        """XJ, the day as YYYYMMDD and eight characters nobody can guess."""
        ...

    def photos_of(self, person: int) -> tuple[PhotoAsked, ...]:
        """Photos with this person that are asked about or shown, newest first, at most twenty."""
        ...

    def photo(self, photo: int) -> tuple[int, tuple[int, ...]] | None:
        """(activity, who is in it) of a photo that is not taken away."""
        ...

    def successor_of(self, person: int) -> int:
        """The team that offered this person to be its captain, 0 for none."""
        ...

    def filing(self, team: int) -> Filing | None:
        """The newest one."""
        ...
