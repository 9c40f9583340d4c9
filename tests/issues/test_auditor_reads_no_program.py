"""The auditor's page said NoticeShown and TimerSet of what people had done, "pin null, level T2" of how."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime

from bot.console.audit import line
from bot.console.audit_labels import LABELS
from storage.audit_view import Entry
from storage.journal import _APPLY


def test_everything_that_can_happen_has_a_name() -> None:
    said = {fact.__name__: _said(fact.__name__, ticket) for fact in _APPLY for ticket in (0, 1)}
    assert len(said) > 150
    assert {kind: words for kind, words in said.items() if not words or re.search("[A-Za-z]", words)} == {}


def test_every_field_has_a_name() -> None:
    named = {field.name for fact in _APPLY for field in fields(fact)} - {"ticket"}
    assert len(named) > 150
    assert {name for name in named if not re.search("[一-鿿]", LABELS.get(name, ""))} == set()


def test_what_is_nothing_is_left_out_and_a_digest_is_none_to_read() -> None:
    body = {"against": 0, "pin": None, "media": [], "agreed": False, "urgency": "normal", "words": "A" * 43 + "=",
            "due": "2026-06-01T01:00:00Z", "place": {"building": "3", "spot": ""}}  # fmt: skip
    entry = Entry(1, datetime(2026, 6, 1, tzinfo=UTC), 7, "彭月娥", "console", "TicketOpened", 1, "", body, 1)
    assert line(entry).more == "同意 否，急不急 一般，说的话 （封存），期限 6月1日 9:00，地点 （楼 3）"


def _said(kind: str, ticket: int) -> str:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return line(Entry(1, now, 7, "彭月娥", "console", kind, ticket, "", {}, 1)).what
