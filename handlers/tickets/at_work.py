"""「0017谁在办」「催 0017」 of the desk, a grid, a unit or a leader: of their work, not of their own reports."""

from __future__ import annotations

from handlers import forms
from handlers.read import Read, Ticket
from handlers.tickets import texts
from handlers.tickets.rules import OPEN
from handlers.tickets.tasks import PICK, worked_on
from handlers.types import Choice, Outcome, Turn, say

_MOST = 3  # people to write to


def asked(turn: Turn, read: Read, *, urged: bool) -> Outcome | None:
    """How it stands; `urged`: with a word to who has it in hand, to tap. None when no number names their work."""
    tickets = _named(turn, read)
    if not tickets:
        return None
    names = read.names(t.owner for t in tickets)
    lines = (texts.progress(t, names[t.owner], turn.now, own=False) for t in tickets)
    hands = [(t.short, names[t.owner]) for t in tickets if t.owner not in (0, turn.who.id) and t.status in OPEN]
    choices = tuple(
        Choice(texts.URGE_OWNER.format(name=name), f"备注 {short} {texts.URGE_WORDS} @{name}")
        for short, name in hands[:_MOST]
        if urged and name
    )
    return say("\n".join(lines), *choices, dialog=forms.ask(turn, PICK, {}, *choices) if choices else None)


def _named(turn: Turn, read: Read) -> tuple[Ticket, ...]:
    found: dict[int, Ticket] = {}
    for digits in turn.said.tickets if turn.who.posts else ():
        mine, _ = worked_on(turn.who, digits, read)
        if mine is not None:
            found[mine.id] = mine
    return tuple(t for t in found.values() if turn.who.id not in (t.reporter, t.proxy_for))
