"""What tickets ask of storage about those who handle them: units 单位, their members, leave, the category table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from handlers.tickets.categories import Category
from nlp.types import Place

if TYPE_CHECKING:
    from handlers.read import Ticket


@dataclass(frozen=True, slots=True)
class Unit:
    """A responsible party: property company, department, maintenance firm. `kind`: a key of categories.UNITS."""

    id: int
    code: str
    name: str
    kind: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A unit beside the lead of a ticket. `role`: assist (协办) or whistle (吹哨报到, with an arrival limit)."""

    unit: int
    name: str
    role: str
    asked: datetime
    arrive_by: datetime | None = None
    arrived: datetime | None = None
    concluded: datetime | None = None
    words: str = ""  # what it reported or concluded
    rating: str = ""  # by the street


class AskUnits(Protocol):
    """The questions about units and what lies with them."""

    def unit(self, unit: int) -> Unit | None: ...
    def units_for(self, kind: str, place: Place) -> tuple[Unit, ...]:
        """Units of a kind that serve a place: its estate's first, then its community's, its street's, everybody's."""
        ...

    def units_named(self, community: int, words: str) -> tuple[Unit, ...]:
        """Units serving the community that the words name: by name, by a part of it, or by kind (物业, 城管)."""
        ...

    def unit_members(self, unit: int) -> tuple[int, ...]:
        """Person ids, heads first."""
        ...

    def street_of(self, community: int) -> int:
        """Id of the street command room 街道指挥室 (a unit of kind JD) of a community, 0 when there is none."""
        ...

    def grid_of(self, micro_grid: int) -> int: ...
    def dwellers(self, place: Place) -> tuple[int, ...]:
        """Person ids of those registered at a room, at most twenty."""
        ...

    def away(self, person: int, day: date) -> bool:
        """On leave 请假 that day (Asia/Shanghai)."""
        ...

    def category(self, code: str) -> Category:
        """The city's own table; 其他 for an unknown code."""
        ...

    def noted(self, ticket: int, kind: str) -> str:
        """The last words kept of a fact of this name, "" when there are none."""
        ...

    def parties(self, ticket: int) -> tuple[Party, ...]: ...
    def merged(self, ticket: int) -> tuple[Ticket, ...]:
        """Tickets that follow this one (并案), oldest first."""
        ...

    def unit_tasks(self, units: tuple[int, ...], limit: int = 20) -> tuple[Ticket, ...]:
        """Open tickets that lie with these units and that no member has taken, and those they assist."""
        ...

    def tier_tasks(self, tier: int, scope: int, limit: int = 20) -> tuple[Ticket, ...]:
        """What waits at a level of the chain: tier 1 with a grid's id, tier 3 with a street unit's id."""
        ...

    def tickets_at(self, key: Place, since: datetime, limit: int = 20) -> tuple[Ticket, ...]:
        """Everything of one building or spot opened since, newest first."""
        ...

    def recurring(self, category: str, place: Place, since: datetime) -> tuple[int, int]:
        """How many tickets of a category at one place since, and how many 主动治理 tasks among them."""
        ...
