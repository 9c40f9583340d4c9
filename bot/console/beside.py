"""What stands beside a ticket: the same place before, open ones like it, and what its words suggest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import nlp
from bot.console.board import Line, line
from bot.console.scope import Viewer
from bot.console.sensitive import hidden
from bot.explaining import explained
from handlers.read import Read, Ticket
from handlers.tickets import rules
from handlers.tickets.parties import first_hand
from handlers.tickets.rules import OPEN
from storage import similar, views

if TYPE_CHECKING:
    from bot.app import App


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the words suggest. `same`: it is so already; `why`: the words that decided it."""

    code: str
    category: str
    owner: str
    why: str
    same: bool


@dataclass(frozen=True, slots=True)
class Beside:
    before: tuple[Line, ...]
    like: tuple[tuple[Line, str], ...]  # with why it is like
    suggested: Suggested | None


def of(app: App, ticket: Ticket, viewer: Viewer, read: Read, now: datetime) -> Beside:
    """Blocks."""
    before = views.lines(app.db, similar.before_here(app.db, ticket.id, viewer.sight, now), viewer.sight)
    like = similar.open_like(app.db, ticket.id, viewer.sight) if ticket.status in OPEN else []
    rows = {row.id: row for row in views.lines(app.db, [one.id for one in like], viewer.sight)}
    return Beside(
        tuple(hidden(line(app, row, viewer, now), row.category_code) for row in before),
        tuple(
            (hidden(line(app, rows[one.id], viewer, now), rows[one.id].category_code), one.why)
            for one in like
            if one.id in rows
        ),
        _suggested(app, ticket, read, now),
    )


def _suggested(app: App, ticket: Ticket, read: Read, now: datetime) -> Suggested | None:
    """From the words of the report alone; nothing for what is over or has no words any more."""
    if ticket.status not in OPEN or not ticket.words:
        return None
    said = nlp.understand(ticket.words, app.register, now=now)
    if not said.category:
        return None
    category = read.category(said.category)
    level = rules.level(category.level, said.urgency)
    hand = first_hand(category, level, ticket.place, now, read)
    why = explained(said)["category"].partition("：")[2] or "按整句判断"
    return Suggested(said.category, category.name, hand.name or "社区", why, said.category == ticket.category)
