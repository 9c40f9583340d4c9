"""What happens to a ticket along the chain: units, 吹哨, 挂账, 并案. Applied by storage/tickets_chain.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from handlers.types import Fact, Media, private


@dataclass(frozen=True, slots=True)
class MoreAsked(Fact):
    """待补充: the reporter is asked for what is missing; the clock waits for them."""

    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class StateMoved(Fact):
    """A move that says nothing but the new state: taken in, completed by the reporter, followed up, archived."""

    ticket: int
    by: int
    action: str
    status: str


@dataclass(frozen=True, slots=True)
class ReturnGrounded(Fact):
    """The basis 依据 of a return that is asked for: a key of acts_pass.BASES."""

    ticket: int
    basis: str


@dataclass(frozen=True, slots=True)
class HangAsked(Fact):
    ticket: int
    by: int
    until: datetime
    reason: str = private(default="")


@dataclass(frozen=True, slots=True)
class HangRefused(Fact):
    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketHung(Fact):
    """挂账, approved by the next level; `until` is the review date."""

    ticket: int
    by: int
    until: datetime
    reason: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketResumed(Fact):
    """No longer 挂账. `due`: the limit moves by the time it hung."""

    ticket: int
    by: int
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketMerged(Fact):
    """并案: follows another ticket; number, reporter, answer and rating stay its own."""

    ticket: int
    by: int
    into: int


@dataclass(frozen=True, slots=True)
class TicketUnmerged(Fact):
    ticket: int
    by: int
    was: int


@dataclass(frozen=True, slots=True)
class TicketRejected(Fact):
    """不予受理 or 终止. `route`: a key of rules.ROUTES, "ended" for a termination."""

    ticket: int
    by: int
    route: str
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class EndAsked(Fact):
    """申请终止: the handler asks the desk in writing."""

    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketAppealed(Fact):
    """New facts after 不予受理."""

    ticket: int
    person: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class LineCalled(Fact):
    """转紧急专线: it belongs to 110 119 120 122 …; the desk follows it up."""

    ticket: int
    by: int
    line: str


@dataclass(frozen=True, slots=True)
class TicketSubmitted(Fact):
    """办结反馈 that somebody else looks at first 待核查."""

    ticket: int
    by: int
    words: str = private(default="")
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketChecked(Fact):
    """核查 by somebody other than the handler."""

    ticket: int
    by: int
    passed: bool
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class TicketReclassed(Fact):
    """改分类: dispatched anew, never closed by it."""

    ticket: int
    by: int
    category: str
    level: str


@dataclass(frozen=True, slots=True)
class UnitJoined(Fact):
    """协办 or 吹哨报到. `arrive_by`: by when a department has to be on site."""

    ticket: int
    unit: int
    by: int
    role: str  # assist whistle
    arrive_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitArrived(Fact):
    ticket: int
    unit: int
    by: int


@dataclass(frozen=True, slots=True)
class UnitLate(Fact):
    """A unit that was whistled for was not on site by its limit; recorded once."""

    ticket: int
    unit: int


@dataclass(frozen=True, slots=True)
class UnitConcluded(Fact):
    ticket: int
    unit: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class UnitRated(Fact):
    ticket: int
    unit: int
    by: int
    rating: str


@dataclass(frozen=True, slots=True)
class ListRefused(Fact):
    """拒收(清单外): not on the community's list 准入清单, so it goes back up; counted."""

    ticket: int
    by: int
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class ListNoted(Fact):
    """A task pushed down to the community: on its list, or off it with what it is paid for (yuan)."""

    ticket: int
    by: int
    basis: str  # 清单内 清单外
    cost: int = 0


@dataclass(frozen=True, slots=True)
class CallbackSet(Fact):
    """回访: somebody other than `handler` finds out why the reporter is not content."""

    ticket: int
    handler: int


@dataclass(frozen=True, slots=True)
class Recurred(Fact):
    """The same matter at the same place again and again: `task` is the 主动治理 ticket made of it."""

    ticket: int
    task: int
    times: int


@dataclass(frozen=True, slots=True)
class LeaveTaken(Fact):
    """请假: whose tasks go to the deputy by rule on these days."""

    person: int
    first: date
    last: date
