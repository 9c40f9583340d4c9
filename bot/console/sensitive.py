"""Sensitive matters: in lists only that there is one; whoever opens it says why (domain.md §2.8)."""

from __future__ import annotations

from dataclasses import replace

from bot.console.board import Line
from handlers.tickets.categories import SENSITIVE

HIDDEN = "敏感事项，写明理由后打开"


def hidden(line: Line, category: str) -> Line:
    """A line of a list without what is sensitive."""
    if category not in SENSITIVE:
        return line
    return replace(line, summary=HIDDEN, place="地点打开后可见", result="", photos=())
