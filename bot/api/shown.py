"""A ticket as a caller may see it (domain.md §2.8): masked by role, sensitive ones closed without a reason."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.api.access import Caller
from bot.api.models import ClockOut, PlaceOut, ReporterOut, StepOut, TicketOut, WholeTicketOut, category
from bot.console import words as say
from handlers.forms import of_building
from handlers.read import Read, Ticket
from handlers.tickets import categories, reach
from handlers.tickets.clocks import faces
from handlers.tickets.rules import OPEN, possible
from storage.views import Step

# what a reporter sees of the record; reasons inside the house stay there
_TOLD = frozenset(
    {
        "TicketOpened", "TicketDispatched", "TicketAccepted", "TicketVisited", "TicketSolved", "TicketReopened",
        "TicketClosed", "TicketWithdrawn", "WordsAdded", "DeskReplied", "TicketUrged", "TicketRated",
        "SolvedAnswered", "ExtensionDecided", "PlaceCorrected", "DueMoved",
    }
)  # fmt: skip
_WORDS_TOLD = frozenset({"DeskReplied", "TicketSolved", "WordsAdded", "TicketRated", "SolvedAnswered", "TicketUrged"})


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def hidden(caller: Caller, ticket: Ticket, *, reason: bool) -> bool:
    """Whether words, reporter and exact place stay closed."""
    if caller.role == "read":
        return True
    return ticket.category in categories.SENSITIVE and caller.role != "source" and not reason


def ticket_out(
    read: Read, caller: Caller, ticket: Ticket, external: str | None, *, reason: bool = False
) -> TicketOut:
    closed = hidden(caller, ticket, reason=reason)
    place = of_building(ticket.place) if closed else ticket.place
    owner = read.person(ticket.owner) if ticket.owner else None
    pin = None if closed else ticket.pin
    return TicketOut(
        id=ticket.code, status=ticket.status, level=ticket.level, kind=ticket.kind, urgency=ticket.urgency,
        category=category(ticket.category), community=ticket.community, micro_grid=ticket.micro_grid,
        place=PlaceOut(label=place.label, lat=pin.lat if pin else None, lon=pin.lon if pin else None),
        summary=categories.name(ticket.category) if closed else ticket.summary,
        words=None if closed else ticket.words,
        reporter=None if closed else _reporter(read, caller, ticket), anonymous=ticket.anonymous, owner=ticket.owner,
        owner_name=owner.name if owner else "", external_id=external, opened=moment(ticket.opened) or "",
        changed=moment(ticket.changed) or "", accept_by=moment(ticket.accept_by), due=moment(ticket.due),
        paused=ticket.due is None and ticket.status in OPEN, accepted=moment(ticket.accepted),
        visited=moment(ticket.visited), solved=moment(ticket.solved), closed=moment(ticket.closed),
        result=None if closed else ticket.result or None, solved_answer=ticket.solved_answer, rating=ticket.rating,
        reopened=ticket.reopened, followers=ticket.followers,
    )  # fmt: skip


def whole(
    read: Read, caller: Caller, ticket: Ticket, external: str | None, now: datetime, *, reason: bool = False
) -> WholeTicketOut:
    seen = faces(read.clock_events(ticket.id), read.calendar(ticket.community), now)
    can = possible(ticket.status, reach.parts(caller.person, ticket, read)) if caller.role != "read" else ()
    return WholeTicketOut(
        **ticket_out(read, caller, ticket, external, reason=reason).model_dump(),
        clocks=[
            ClockOut(
                clock=clock.value, limit=face.limit, elapsed=face.elapsed, remaining=face.remaining,
                percent=face.percent, due=moment(face.due), running=face.running, paused=face.paused,
            )
            for clock, face in seen.items()
        ],
        actions=[action.name.lower().replace("_", "-") for action in can],
    )  # fmt: skip


def step_out(caller: Caller, step: Step, names: dict[int, str], *, closed: bool) -> StepOut | None:
    """None for what this caller is not told."""
    if caller.role in ("source", "read") and step.kind not in _TOLD:
        return None
    if step.kind == "NoteKept" and caller.role != "desk":
        return None
    told = caller.role != "source" or step.kind in _WORDS_TOLD
    words = step.words if told and not closed else ""
    return StepOut(at=moment(step.at) or "", kind=step.kind, text=say.step(step, names), words=words or None)


def _reporter(read: Read, caller: Caller, ticket: Ticket) -> ReporterOut | None:
    """The community sees them masked, who handles it the family name, nobody sees who complained of him."""
    if ticket.anonymous or caller.role == "source" or not ticket.reporter:
        return None
    found = read.person(ticket.reporter)
    if found is None:
        return None
    if caller.role == "desk":
        return ReporterOut(name=say.masked_name(found.name), phone=say.masked_phone(found.phone))
    if reach.kept_at_desk(ticket):
        return None
    return ReporterOut(name=f"{found.name[:1]}姓居民" if found.name else "居民", phone="")
