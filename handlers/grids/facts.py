"""What can happen to grids and the posts in them, in the past tense. Applied by storage/grids.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.types import Fact, private


class GridFact(Fact):
    """Base of these."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PersonAdded(GridFact):
    """Somebody new in the register, who is to hold a post."""

    person: int
    community: int
    name: str = private()
    phone: str = private()


@dataclass(frozen=True, slots=True)
class PostPlanned(GridFact):
    """A post changes hands on `day` (Asia/Shanghai). `incoming` 0: it is left empty. `tasks`: rules.PASS or STAY."""

    change: int
    community: int
    role: str
    scope: int  # of the micro-grid, or of the grid for its worker
    incoming: int
    outgoing: int
    day: date
    tasks: str
    by: int
    name: str = private(default="")  # of who comes


@dataclass(frozen=True, slots=True)
class PostChanged(GridFact):
    """The day has come: one post ends, the other begins. `passed`: tickets that went with it."""

    change: int
    community: int
    role: str
    scope: int
    incoming: int
    outgoing: int
    passed: tuple[int, ...]
    by: int
    name: str = private(default="")


@dataclass(frozen=True, slots=True)
class RedrawPlanned(GridFact):
    """Households go to another micro-grid on `day`. `moves`: (household, from or 0, to)."""

    change: int
    community: int
    day: date
    by: int
    moves: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Redrawn(GridFact):
    """The day has come. Open tickets keep their owner. `moves`: those households that still were where they were."""

    change: int
    community: int
    by: int
    moves: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class ChangeDropped(GridFact):
    """A planned change is not wanted any more."""

    change: int
    by: int


@dataclass(frozen=True, slots=True)
class MicroGridAdded(GridFact):
    """A new micro-grid, empty at first. `code`: 17 digits (domain.md §3.3)."""

    micro_grid: int
    grid: int
    community: int
    code: str
    name: str
    by: int


@dataclass(frozen=True, slots=True)
class MovedOut(GridFact):
    """搬走了: the community ends somebody's bond with a household. The household stays in the register."""

    person: int
    household: int
    by: int
    reason: str  # a key of texts.REASONS


@dataclass(frozen=True, slots=True)
class LeaveSet(GridFact):
    """请假, written down by the community for somebody who told them. Days are inclusive (Asia/Shanghai)."""

    person: int
    first: date
    last: date
    by: int


@dataclass(frozen=True, slots=True)
class LeaveEnded(GridFact):
    """销假: back from `day` on; what was to come of it is taken away."""

    person: int
    day: date
    by: int
