"""A reporter who could not be reached writes something: it is their answer, whatever the words."""

from __future__ import annotations

from dataclasses import replace

from handlers.read import Read
from handlers.tickets.chat import done
from handlers.tickets.doing import Args
from handlers.tickets.rules import OPEN, Action
from handlers.types import Outcome, Turn


def answered(turn: Turn, read: Read) -> Outcome | None:
    """Words that mean nothing else go to the own matter whose clock waits for them; None when none does."""
    words = turn.inbound.text.strip()
    waits = [t for t in read.reports_of(turn.who.id) if t.reporter == turn.who.id and t.status in OPEN and not t.due]
    if not words or not waits:
        return None
    return replace(done(turn, read, Action.ADD, waits[0], Args(words=words, media=turn.inbound.media)), dialog=None)
