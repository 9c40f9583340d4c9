"""What each fact of a ticket means for its clocks; a fact that is not named here moves none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.tickets import clock_facts as c
from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.tickets import facts_desk as d
from handlers.tickets import facts_undo as u
from handlers.tickets.clocks import Event, Kind
from handlers.tickets.limits import Clock, Limits
from handlers.tickets.rules import Status
from handlers.types import Fact

FOLLOWED = frozenset(
    {
        f.TicketOpened, f.TicketDispatched, f.TicketAccepted, f.TicketVisited, f.ReturnDecided, f.ExtensionDecided,
        f.TicketSolved, f.TicketReopened, f.TicketClosed, f.TicketWithdrawn, f.WordsAdded, f.TicketUrged,
        f.DeskReplied, d.DeskSpoke,
        c.RungReached, c.ContactFailed, c.WaitingEnded, g.MoreAsked, g.StateMoved, g.TicketHung,
        g.TicketResumed, g.TicketMerged, g.TicketUnmerged, g.TicketRejected, g.TicketAppealed, g.TicketSubmitted,
        g.TicketChecked, g.TicketReclassed, u.SolveTakenBack,
    }
)  # fmt: skip
_WORKED_ON = frozenset({Status.IN_HAND, Status.EXTENSION_ASKED})
_STEP = {
    Status.WAITING: Clock.INTAKE, Status.TO_DISPATCH: Clock.DISPATCH, Status.ESCALATED: Clock.DISPATCH,
    Status.TO_ACCEPT: Clock.ACCEPT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What must be known of a ticket to say what a fact means for it."""

    level: str
    category: str
    reporter: int
    owner: int
    status: str


def of(fact: Fact, known: Known, now: datetime, limits: Limits) -> tuple[Event, ...]:
    """The events of one fact, in order."""
    at = int(now.timestamp())

    def start(*clocks: Clock) -> tuple[Event, ...]:
        found = ((clock, limits.of(clock, known.level, known.category)) for clock in clocks)
        return tuple(Event(at, Kind.START, clock, limit) for clock, limit in found if limit is not None)

    def spoke() -> tuple[Event, ...]:
        return (Event(at, Kind.SPOKE, limit=limits.of(Clock.NEXT, known.level, known.category)),)

    over = tuple(Event(at, Kind.STOP, clock) for clock in (Clock.INTAKE, Clock.DISPATCH, Clock.ACCEPT))

    def handling() -> tuple[Event, ...]:
        """The steps before the work are over, also where 处置 itself has no limit."""
        return over + start(Clock.HANDLE)

    contact = (Event(at, Kind.CONTACT),)
    match fact:
        case f.TicketOpened(status=status):
            first = (Clock.WHOLE, Clock.FIRST, _STEP.get(Status(status), Clock.ACCEPT))
            return start(*first, Clock.ARRIVE)
        case f.TicketDispatched(why="taken"):
            return ()
        case f.TicketDispatched(status=status):
            return start(_STEP.get(Status(status), Clock.ACCEPT))
        case f.TicketAccepted():
            return handling()
        case f.TicketVisited():
            begun = () if known.status in _WORKED_ON else handling()
            return (*contact, Event(at, Kind.STOP, Clock.ARRIVE), *begun)
        case f.ReturnDecided(agreed=agreed):
            return (Event(at, Kind.RETURN),) if agreed else start(Clock.ACCEPT)
        case f.ExtensionDecided(agreed=agreed, due=due):
            return (Event(at, Kind.EXTEND, value=int(due.timestamp())),) if agreed else ()
        case f.TicketSolved() | f.TicketClosed():
            return (Event(at, Kind.SOLVED),)
        case f.TicketWithdrawn(kept=kept):
            return () if kept else (Event(at, Kind.SOLVED),)
        case u.SolveTakenBack(checking=checking):
            return (
                (Event(at, Kind.STOP, Clock.CHECK), *start(Clock.HANDLE)) if checking else (Event(at, Kind.UNDONE),)
            )
        case f.TicketReopened():
            return start(Clock.WHOLE, Clock.HANDLE)
        case f.WordsAdded(person=person, working=working):
            return contact if (working or person == known.owner) and person != known.reporter else spoke()
        case f.TicketUrged():
            return spoke()
        case f.DeskReplied() | d.DeskSpoke():
            return contact
        case c.ContactFailed() | g.MoreAsked():
            return (Event(at, Kind.WAIT),)
        case g.StateMoved(status=status):
            resumed = (Event(at, Kind.RESUME),) if known.status == Status.DRAFT else ()
            return resumed + start(_STEP[Status(status)]) if Status(status) in _STEP else ()
        case g.TicketHung():
            return (Event(at, Kind.HANG),)
        case g.TicketResumed():
            return (Event(at, Kind.RESUME),)
        case g.TicketMerged() | g.TicketRejected():
            return (Event(at, Kind.SOLVED),)
        case g.TicketUnmerged() | g.TicketAppealed():
            return start(Clock.WHOLE, Clock.DISPATCH)
        case g.TicketChecked(passed=passed):
            looked = Event(at, Kind.STOP, Clock.CHECK)  # also where the work has no limit of its own
            return (Event(at, Kind.SOLVED),) if passed else (looked, *start(Clock.HANDLE))
        case g.TicketSubmitted():  # the promise to the reporter runs on while we look ourselves
            return (Event(at, Kind.STOP, Clock.ARRIVE), *over, *start(Clock.CHECK))
        case g.TicketReclassed(level=level, category=category):
            limit = limits.of(Clock.WHOLE, level, category)
            return (Event(at, Kind.CLASSED, Clock.WHOLE, limit),) if limit else ()
        case c.WaitingEnded():
            return (Event(at, Kind.RESUME),)
        case c.RungReached(rung=rung):
            return (Event(at, Kind.RUNG, value=rung),)
        case _:
            return ()
