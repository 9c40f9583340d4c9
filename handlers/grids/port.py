"""What changes of grids and posts need to know: their values and the questions they ask of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from handlers.types import Person


@dataclass(frozen=True, slots=True)
class MicroGrid:
    """`households`: how many are in it now."""

    id: int
    grid: int
    community: int
    code: str
    name: str
    households: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    id: int
    community: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A planned change of a post or of borders. `kind`: post, redraw. `state`: planned, done, dropped."""

    id: int
    kind: str
    community: int
    day: date
    state: str
    by: int
    role: str = ""
    scope: int = 0
    incoming: int = 0
    outgoing: int = 0
    tasks: str = ""
    moves: tuple[tuple[int, int, int], ...] = ()


class ReadGrids(Protocol):
    """The questions about grids."""

    def micro_grid(self, micro_grid: int) -> MicroGrid | None: ...
    def grid(self, grid: int) -> Grid | None: ...
    def micro_grids_in(self, grid: int) -> tuple[MicroGrid, ...]:
        """By code."""
        ...

    def estates_of(self, micro_grids: tuple[int, ...]) -> frozenset[int]:
        """The estates in which these micro-grids have households."""
        ...

    def change(self, change: int) -> Change | None: ...
    def change_of_post(self, role: str, scope: int) -> Change | None:
        """The one that is planned."""
        ...

    def redraws(self, community: int) -> tuple[Change, ...]:
        """Those that are planned, the earliest first."""
        ...

    def micro_grids_of(self, households: tuple[int, ...], community: int) -> dict[int, int]:
        """Household → micro-grid or 0; households of another community are left out."""
        ...

    def dwellers_of(self, households: tuple[int, ...]) -> dict[int, int]:
        """Person → one of these households, of everybody registered there."""
        ...

    def lives_at(self, person: int, household: int) -> int:
        """The community of the household when the person is registered there, else 0."""
        ...

    def leave_ahead(self, person: int, day: date) -> bool:
        """Whether somebody is or will be on leave from this day on."""
        ...

    def phone_owner(self, phone: str) -> Person | None:
        """Who is registered with a phone, by its digits."""
        ...
