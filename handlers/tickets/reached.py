"""A reporter who could not be reached writes something: it is their answer, whatever the words."""

from __future__ import annotations

from dataclasses import replace

from handlers.read import Read, Ticket
from handlers.tickets.acts_wait import UNREACHED
from handlers.tickets.chat import done
from handlers.tickets.doing import Args
from handlers.tickets.rules import OPEN, Action, Status
from handlers.types import Outcome, Turn


def answered(turn: Turn, read: Read) -> Outcome | None:
    """Words that mean nothing else go to the own matter whose clock waits for them; None when none does."""
    words = turn.inbound.text.strip()
    waits = _waiting(turn, read)
    return _added(turn, read, waits[0]) if words and waits else None


def shown(turn: Turn, read: Read) -> Outcome | None:
    """A photo, a voice or a pin is an answer too, where the clock waits for the reporter and nobody else."""
    waits = [
        t for t in _waiting(turn, read)
        if t.status is not Status.HUNG or read.noted(t.id, "TicketHung") == UNREACHED
    ]  # fmt: skip
    return _added(turn, read, waits[0]) if waits else None


def _waiting(turn: Turn, read: Read) -> list[Ticket]:
    return [t for t in read.reports_of(turn.who.id) if t.reporter == turn.who.id and t.status in OPEN and not t.due]


def _added(turn: Turn, read: Read, ticket: Ticket) -> Outcome:
    given = Args(words=turn.inbound.text.strip(), media=turn.inbound.media, pin=turn.inbound.pin)
    return replace(done(turn, read, Action.ADD, ticket, given), dialog=None)
