"""A call written down for a resident stood in its ticket's history as 「MatterReceived」."""

from __future__ import annotations

import re

import pytest

from bot.console.words import step
from storage.journal import _FIELDS
from storage.views import Step
from tests.storage.kit import NOW

QUIET = {"TimerSet", "TimersCleared"}  # not shown
KINDS = sorted(
    kind.__name__
    for kind in _FIELDS
    if "ticket" in getattr(kind, "__dataclass_fields__", ()) and kind.__name__ not in QUIET
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_in_a_tickets_history_has_words(kind: str) -> None:
    assert not re.search("[A-Za-z]", step(Step(NOW, kind, "console", 0, "", {}, ""), {}))
