"""The auditor's page said NoticeShown, TimerSet and AnnouncementMoved of what people had done."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.console.audit import line
from storage.audit_view import Entry
from storage.journal import _APPLY


def test_everything_that_can_happen_has_a_name() -> None:
    said = {fact.__name__: _said(fact.__name__, ticket) for fact in _APPLY for ticket in (0, 1)}
    assert len(said) > 150
    assert {kind: words for kind, words in said.items() if not words or re.search("[A-Za-z]", words)} == {}


def _said(kind: str, ticket: int) -> str:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return line(Entry(1, now, 7, "彭月娥", "console", kind, ticket, "", {}, 1)).what
