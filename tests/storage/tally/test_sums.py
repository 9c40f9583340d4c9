"""The kept sums against the direct count, whatever happened to tickets and in whatever order they were looked at."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.tickets.measures import MEASURES, added, measures, told
from handlers.tickets.measures import length as rounded
from handlers.tickets.numbers import Case, numbers
from handlers.tickets.rules import Status
from handlers.types import Fact
from storage import tallied
from storage.read import forget_calendars
from storage.schema import holidays
from storage.tallied import Asked
from tests.handlers.test_numbers import CASES
from tests.storage.kit import NOW, at
from tests.storage.tally.kit import EVER, Town, agree, settle


@given(CASES)
def test_sums_say_what_the_tickets_say(cases: list[Case]) -> None:
    spreads: dict[str, dict[int, int]] = {"first": {}, "done": {}}
    for case, what in itertools.product(cases, spreads):
        minutes = rounded(case, what)
        if minutes is not None:
            spreads[what][minutes] = spreads[what].get(minutes, 0) + 1
    assert told(added(map(measures, cases)), spreads) == numbers(cases)
    assert all(set(measures(case)) == set(MEASURES) for case in cases)


ACTS = ("visit", "solve", "answer", "rate", "return", "reopen", "withdraw", "list", "refuse", "move")
LIVES = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(0, 3),  # which ticket
        st.integers(1, 4000),  # minutes since the last
        st.booleans(),
        st.booleans(),  # look at the sums in between
    ),
    min_size=4, max_size=14,
)  # fmt: skip


def fact(what: str, ticket: int, yes: bool, now: datetime) -> tuple[Fact, ...]:
    due = now + timedelta(days=2)
    match what:
        case "visit":
            return (f.TicketVisited(ticket, 200),)
        case "solve":
            return (f.TicketSolved(ticket, 200, "修好了"),)
        case "answer":
            return (f.SolvedAnswered(ticket, 100, yes),)
        case "rate":
            return (f.TicketRated(ticket, 100, "满意" if yes else "不满意"),)
        case "return":
            again = f.TicketDispatched(ticket, 400, 300, "desk", Status.TO_ACCEPT)
            return (f.ReturnDecided(ticket, 300, True, Status.TO_DISPATCH), again)
        case "reopen":
            return (f.TicketReopened(ticket, 100, due, due),)
        case "withdraw":
            return (f.TicketWithdrawn(ticket, 100, False),)
        case "list":
            return (g.ListNoted(ticket, 900, "清单内" if yes else "清单外", 0 if yes else 300),)
        case "refuse":
            return (g.ListRefused(ticket, 300, "不在清单"),)
        case _:
            return (f.TicketDispatched(ticket, 500, 300, "desk", Status.TO_ACCEPT),)


# no shrinking: the town grows with each example, so that a smaller one is another one
@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lives=LIVES, step=st.sampled_from([3, 50, 2000]))
def test_kept_and_counted_are_the_same(town: Town, lives: list[tuple[str, int, int, bool, bool]], step: int) -> None:
    made = town.new(town.now)
    for what, which, minutes, yes, look in lives:
        town.now += timedelta(minutes=minutes)
        town.happen(town.now, *fact(what, made[which], yes, town.now))
        if look:
            settle(town.db, town.now, step)
    settle(town.db, town.now, max(step, 5))
    for ours in (None, town.ours, town.ours[:1]):
        agree(town.db, ours, town.now)


def test_what_time_alone_changes(town: Town) -> None:
    """Nobody does anything: limits run out, and the sums learn it at the moment the direct count does."""
    town.new(NOW)
    for minutes in (0, 100, 485, 700, 1500, 4 * 1440, 6 * 1440):
        settle(town.db, at(minutes))
        agree(town.db, None, at(minutes))
    few = next(rate for rate in tallied.whole(town.db, Asked(None, *EVER)).rates if rate.key == "on_time")
    assert (few.part, few.whole) == (None, 4)  # too few to say
    town.new(NOW)
    settle(town.db, at(30 * 1440))
    late = next(rate for rate in tallied.whole(town.db, Asked(None, *EVER)).rates if rate.key == "on_time")
    assert (late.part, late.whole) == (0, 8)


def test_another_calendar_judges_everything_again(town: Town) -> None:
    made = town.new(NOW)
    for ticket in made:
        town.happen(at(3 * 1440), f.TicketSolved(ticket, 200, "好了"))
    settle(town.db, at(4 * 1440))
    with town.db.writing() as conn:
        for day in ("2026-06-02", "2026-06-03", "2026-06-04"):
            conn.execute(insert(holidays).values(day=day, works=False, name="试"))
    forget_calendars()
    settle(town.db, at(4 * 1440))
    agree(town.db, None, at(4 * 1440))
