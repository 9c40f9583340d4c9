"""What can happen to a ticket 工单, in the past tense. Applied by storage/tickets.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.timing import TimersCleared as TimersCleared
from handlers.timing import TimerSet as TimerSet
from handlers.types import Fact, Media, Pin, private
from nlp.quick import quick
from nlp.types import Place


@quick
@dataclass(frozen=True, slots=True)
class TicketOpened(Fact):
    """A report was taken. `owner` is the person it is dispatched to, 0: the community desk."""

    ticket: int
    code: str  # YYYYMMDD + four digits, e.g. 202611230017
    community: int
    micro_grid: int  # 0: not known
    reporter: int
    category: str  # code of domain.md §2.7
    level: str  # T0 … T4, TC
    urgency: str
    kind: str
    status: str  # Status value
    owner: int
    place: Place
    words: str = private()
    summary: str = private()
    media: tuple[Media, ...] = ()
    pin: Pin | None = private(default=None)
    anonymous: bool = False
    source: str = ""  # channel name
    accept_by: datetime | None = None
    due: datetime | None = None
    unit: int = 0  # the lead unit, when it goes to one
    tier: int = 0
    proxy_for: int = 0  # 代: whom it is reported for, 0 when not known here
    proxy_name: str = private(default="")
    against: int = 0  # who is complained of
    against_unit: int = 0


@dataclass(frozen=True, slots=True)
class TicketFollowed(Fact):
    """A neighbour joined an open ticket and gets its updates."""

    ticket: int
    person: int


@dataclass(frozen=True, slots=True)
class WordsAdded(Fact):
    """Words, photos or a pin were added by a reporter, follower or handler."""

    ticket: int
    person: int
    words: str = private(default="")
    media: tuple[Media, ...] = ()
    pin: Pin | None = private(default=None)
    working: bool = False  # by somebody whose work it is: how it goes, and an answer to the reporter


@dataclass(frozen=True, slots=True)
class PlaceCorrected(Fact):
    ticket: int
    person: int
    place: Place
    community: int
    micro_grid: int


@dataclass(frozen=True, slots=True)
class TicketUrged(Fact):
    ticket: int
    person: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketWithdrawn(Fact):
    ticket: int
    person: int
    kept: bool  # a safety matter stays open as an anonymous duty (§2.2 X3)


@dataclass(frozen=True, slots=True)
class NameHidden(Fact):
    """The reporter's name is hidden on this ticket."""

    ticket: int
    person: int


@dataclass(frozen=True, slots=True)
class TicketDispatched(Fact):
    """派单. `owner` 0: the unit, else the desk of its level. `by` 0: the clockwork. `designated`: no return."""

    ticket: int
    owner: int
    by: int
    why: str  # first, transfer, deputy, community, escalated, returned, place
    status: str
    designated: bool = False
    accept_by: datetime | None = None
    reason: str = private(default="")
    unit: int = 0  # the lead unit; with `owner` 0 any of its members takes it
    tier: int = -1  # level of the chain it goes to, -1: as before


@dataclass(frozen=True, slots=True)
class TicketAccepted(Fact):
    """接单."""

    ticket: int
    by: int


@dataclass(frozen=True, slots=True)
class TicketVisited(Fact):
    """到场."""

    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ReturnAsked(Fact):
    """退单申请: the owner keeps it until the desk decides (首接负责)."""

    ticket: int
    by: int
    reason: str = private(default="")


@dataclass(frozen=True, slots=True)
class ReturnDecided(Fact):
    """The desk refused a return (an agreed one is ReturnDecided + TicketDispatched)."""

    ticket: int
    by: int
    agreed: bool
    status: str  # the state it goes to
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ExtensionAsked(Fact):
    """延期申请, before expiry only."""

    ticket: int
    by: int
    until: datetime
    reason: str = private(default="")


@dataclass(frozen=True, slots=True)
class ExtensionDecided(Fact):
    ticket: int
    by: int
    agreed: bool
    due: datetime  # the limit in force from now
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketSolved(Fact):
    """办结反馈: the handler says it is done; the reporter is asked."""

    ticket: int
    by: int
    words: str = private(default="")
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class SolvedAnswered(Fact):
    """The reporter answered 真的解决了吗."""

    ticket: int
    person: int
    solved: bool
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketReopened(Fact):
    """重办: back to the owner with the reason."""

    ticket: int
    person: int
    accept_by: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketRated(Fact):
    """满意度, separately from solved: 满意 基本满意 不满意."""

    ticket: int
    person: int
    rating: str
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketClosed(Fact):
    """已办结. `how`: answered, unrated (silence is 未评价, never 满意)."""

    ticket: int
    how: str


@dataclass(frozen=True, slots=True)
class OwnerReminded(Fact):
    """A step of the silent-owner ladder was taken: remind, deputy, community, overdue."""

    ticket: int
    step: str
    person: int


@dataclass(frozen=True, slots=True)
class DeskReplied(Fact):
    """The community answered the reporter in words."""

    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class AccessRefused(Fact):
    """Somebody tried what cannot be done; only logged. `why`: role state rule repeat unknown."""

    ticket: int
    person: int
    action: str
    why: str = "role"
