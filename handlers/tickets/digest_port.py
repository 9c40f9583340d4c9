"""What the digests ask of storage: counts of a supervisor's scope, the most pressing, what somebody has not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from handlers.types import Role

if TYPE_CHECKING:
    from handlers.read import Ticket


@dataclass(frozen=True, slots=True)
class Tally:
    """Tickets of one scope. `today`: due before the day ends; `asked`: returns and extensions to decide."""

    open: int = 0
    late: int = 0
    today: int = 0
    waiting: int = 0  # 待派单 and 待接单
    asked: int = 0
    danger: int = 0  # open T0 and T1
    new: int = 0
    solved: int = 0


class AskDigest(Protocol):
    """`role` DESK with a community, STREET and HEAD with a unit."""

    def tally(self, role: Role, scope: int, since: datetime, day_end: datetime, now: datetime) -> Tally: ...
    def pressing(self, role: Role, scope: int, limit: int) -> tuple[Ticket, ...]:
        """Open tickets, the earliest limit first."""
        ...

    def unread(self, person: int) -> tuple[Ticket, ...]:
        """Open tickets a person holds and was written to about, and has shown no sign of life since; ≤ 20."""
        ...

    def told_since(self, person: int, kind: str, since: datetime) -> bool:
        """Whether a push of this kind was written for a person since then."""
        ...
