"""Two rules of the clocks as tables (docs/clocks.md): 核查 lets the promise run on; 改分类 keeps the beginning."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers.tickets.clock import SHANGHAI, Calendar
from handlers.tickets.clock_events import Known, of
from handlers.tickets.clocks import Event, faces
from handlers.tickets.facts import TicketAccepted, TicketDispatched, TicketOpened, TicketSolved
from handlers.tickets.facts_chain import TicketChecked, TicketReclassed, TicketSubmitted
from handlers.tickets.limits import STEPS, Clock, Limits
from handlers.tickets.rules import Status
from handlers.types import Fact
from nlp.types import Place

START = datetime(2026, 6, 1, 9, 0, tzinfo=SHANGHAI)  # a Monday
LIMITS = Limits()

OPENED = TicketOpened(
    ticket=1, code="202606010001", community=1, micro_grid=1, reporter=100, category="0201", level="T2",
    urgency="normal", kind="求助", status=Status.TO_ACCEPT, owner=200, place=Place(), words="灯",
    summary="灯",
)  # fmt: skip
ACCEPTED = TicketAccepted(1, 200)
SUBMITTED = TicketSubmitted(1, 200, "换了", ())
FAILED, PASSED = TicketChecked(1, 300, False, "还不亮"), TicketChecked(1, 300, True, "")
SOLVED = TicketSolved(1, 200, "换了", ())
DISPATCHED = TicketDispatched(1, 201, 300, "reclassed", Status.TO_ACCEPT)


def lived(*facts: tuple[int, Fact], status: Status = Status.IN_HAND) -> list[Event]:
    """`facts`: minutes after the beginning, and what happened."""
    events: list[Event] = []
    level, category = "T2", "0201"
    for minutes, fact in facts:
        known = Known(level, category, 100, 200, status)
        events += of(fact, known, START + timedelta(minutes=minutes), LIMITS)
        if isinstance(fact, TicketReclassed):
            level, category = fact.level, fact.category
    return events


@pytest.mark.parametrize(
    ("then", "whole", "running"),
    [
        # what happens after 办结 at minute 60, 整体 used up at minute 150, the clocks that still run
        ((), 150, {Clock.WHOLE, Clock.FIRST, Clock.CHECK}),
        (((90, FAILED),), 150, {Clock.WHOLE, Clock.FIRST, Clock.HANDLE}),
        (((90, FAILED), (120, SUBMITTED)), 150, {Clock.WHOLE, Clock.FIRST, Clock.CHECK}),
        (((90, PASSED),), 90, set()),
        (((90, PASSED), (90, SOLVED)), 90, set()),
        (((90, FAILED), (120, SUBMITTED), (130, PASSED)), 130, set()),
    ],
)
def test_the_promise_runs_on_while_it_is_looked_at(
    then: tuple[tuple[int, Fact], ...], whole: int, running: set[Clock]
) -> None:
    events = lived((0, OPENED), (10, ACCEPTED), (60, SUBMITTED), *then)
    seen = faces(events, Calendar(), START + timedelta(minutes=150))
    assert seen[Clock.WHOLE].elapsed == whole
    limited = {Clock.HANDLE} - seen.keys()  # 处置 has a limit only where a row of the table gives one
    assert {clock for clock, face in seen.items() if face.running} == running - limited


@pytest.mark.parametrize(
    ("changes", "limit", "elapsed"),
    [
        # when and to what it was changed; the limit of 整体 in minutes and what is used up at minute 150
        ((), 3 * 480, 150),
        (((60, TicketReclassed(1, 300, "0101", "T3")),), 5 * 480, 150),
        (((60, TicketReclassed(1, 300, "0101", "T3")), (90, TicketReclassed(1, 300, "0201", "T2"))), 3 * 480, 150),
        (((60, TicketReclassed(1, 300, "0101", "T1")),), 24 * 60, 150),
        (((149, TicketReclassed(1, 300, "0101", "T1")),), 24 * 60, 150),
    ],
)
def test_another_category_keeps_the_beginning(
    changes: tuple[tuple[int, Fact], ...], limit: int, elapsed: int
) -> None:
    again = tuple((minutes, DISPATCHED) for minutes, _ in changes)
    events = lived((0, OPENED), (10, ACCEPTED), *sorted((*changes, *again), key=lambda one: one[0]))
    seen = faces(events, Calendar(), START + timedelta(minutes=150))
    assert (seen[Clock.WHOLE].limit, seen[Clock.WHOLE].elapsed) == (limit, elapsed)
    steps = {clock for clock in STEPS & seen.keys() if seen[clock].running}
    assert steps <= ({Clock.ACCEPT} if changes else {Clock.HANDLE})
