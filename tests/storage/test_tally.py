"""The kept sums against the direct count, whatever happened to tickets and in whatever order they were looked at."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened
from handlers.policy import Policy
from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.tickets.measures import MEASURES, added, measures, told
from handlers.tickets.measures import length as rounded
from handlers.tickets.numbers import KPIS, Case, numbers, trace
from handlers.tickets.rules import Status
from handlers.types import Fact, Outcome
from storage import chain, numbers_view, tallied, tally, tally_owed
from storage.engine import Database
from storage.land import add_community
from storage.read import forget_calendars
from storage.schema import holidays, number_days, persons, posts, tickets
from storage.tallied import Asked, Effort
from storage.tally_days import ALL, add_up
from storage.turns import Turns
from tests.handlers.test_numbers import CASES
from tests.storage.kit import NOW, at, do, nothing, opened, rows

EVER = (date(2026, 1, 1), date(2030, 1, 1))


@pytest.fixture(autouse=True)
def _no_calendar_of_another_test() -> None:
    forget_calendars()


def leader(db: Database) -> None:
    """Person 200 holds a post."""
    with db.writing() as conn:
        conn.execute(insert(persons).values(id=200, created=NOW))
        conn.execute(insert(posts).values(id=1, person=200, role="leader", scope=7, since=NOW))


def settle(db: Database, now: datetime, limit: int = 2000) -> None:
    """Until everything that happened is in the sums."""
    while chain.seal(db):
        pass
    while tally.follow(db, now, limit):
        pass


def agree(db: Database, ours: tuple[int, ...] | None, now: datetime) -> None:
    """Every indicator and every list behind it: kept and counted directly."""
    asked = Asked(ours, *EVER)
    where = {row.id: row.community or 0 for row in rows(db, tickets)}
    direct = numbers_view.cases(db, ours, NOW - timedelta(days=100), NOW + timedelta(days=1000), now)
    assert tallied.whole(db, asked) == numbers(direct)
    for kpi in KPIS:
        behind = tallied.behind(db, asked, kpi.key, "whole", limit=1000)
        expected = {case.id: (part, whole) for case, part, whole in trace(kpi.key, direct)}
        assert {one.ticket: (one.part, one.whole) for one in behind} == expected
        assert {one.ticket for one in tallied.behind(db, asked, kpi.key, "part", limit=1000)} == {
            ticket for ticket, (part, _) in expected.items() if part
        }
    for of in tallied.GROUPS:
        found = tallied.by_group(db, asked, of)
        expected_groups: dict[str, list[Case]] = {}
        for case in direct:
            key = str({"community": where[case.id]}.get(of, getattr(case, of, 0)))
            if key != "0" or of != "unit":
                expected_groups.setdefault(key, []).append(case)
        assert {key: said.rates for key, said in found} == {
            key: numbers(cases).rates for key, cases in expected_groups.items()
        }


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


class Town:
    """Tickets of two communities and of nobody's, on which things happen."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.writing() as conn:
            self.ours = tuple(add_community(conn, f"33048300100{n}", f"社区{n}") for n in (1, 2))
        self.ids = itertools.count(1)
        self.turns = Turns(db, nothing, Policy())
        self.now = NOW  # never goes back: what was judged once may have changed since

    def happen(self, now: datetime, *happened: Fact) -> None:
        self.turns.run(lambda read: Outcome(facts=happened), now, "test", 200).result(10)

    def new(self, now: datetime) -> list[int]:
        made = [next(self.ids) for _ in range(4)]
        where = (*self.ours, self.ours[0], 0)
        for ticket, community in zip(made, where, strict=True):
            more = {"category": "0302" if ticket % 3 else "0201", "owner": 200 + ticket % 2}
            self.happen(now, opened(ticket, community=community, due=now + timedelta(days=3), **more))
        return made


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    made = Town(database)
    yield made
    made.turns.close(10)


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


def test_nothing_new_writes_nothing(town: Town) -> None:
    town.new(NOW)
    settle(town.db, NOW)
    before = rows(town.db, number_days)
    assert tally.follow(town.db, NOW) == 0
    assert tally.told_until(town.db) == NOW
    tally.forget(town.db)
    assert tally.follow(town.db, NOW) == 4
    assert rows(town.db, number_days) == before


def test_a_day_is_added_up_once_for_many_steps(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many steps a flood takes; until then what is shown says up to when it is right."""
    sums: list[object] = []

    def counted(conn: Connection, day: str, communities: list[int]) -> None:
        sums.append((day, communities))
        add_up(conn, day, communities)

    monkeypatch.setattr(tally_owed, "add_up", counted)
    town.new(NOW)
    settle(town.db, NOW)
    sums.clear()
    made = town.new(at(1))
    for ticket in made:
        town.happen(at(2), f.TicketUrged(ticket, 100, "快点"))
    while chain.seal(town.db):
        pass
    while not sums:
        assert tally.told_until(town.db) == NOW
        assert tally.follow(town.db, at(3), 1)
    settle(town.db, at(3), 1)
    (summed,) = sums
    assert summed == ("2026-06-01", [0, *sorted(town.ours), ALL])
    assert tally.told_until(town.db) == at(2)
    agree(town.db, None, at(3))


def test_adding_up_is_broken_off_and_goes_on(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """In portions, so that messages are written between them; what waits too long comes before more is judged."""
    monkeypatch.setattr(tally_owed, "MOST", 2)
    monkeypatch.setattr(tally_owed, "_AT_ONCE", 1)
    monkeypatch.setattr(tally_owed.pay, "__defaults__", (0.0,))
    town.new(NOW)
    while chain.seal(town.db):
        pass
    steps = []
    while taken := tally.follow(town.db, NOW, 1):
        with town.db.reading() as conn:
            steps.append((taken, len(tally_owed.owed(conn).days)))
    assert max(waiting for _, waiting in steps) == 2
    assert steps[-1] == (1, 0)
    agree(town.db, None, NOW)


def test_second_process_gives_way(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process takes the same step between this one's look and its write: counted once."""
    look = tally._look
    town.new(NOW)
    chain.seal(town.db)
    leader(town.db)

    def slow(*given: object) -> object:
        found = look(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(tally, "_look", look)
        tally.follow(town.db, NOW)
        return found

    monkeypatch.setattr(tally, "_look", slow)
    tally.follow(town.db, NOW)
    assert tallied.effort(town.db, Asked(None, *EVER)).acts == 4


def test_time_spent_is_what_lies_between_acts(database: Database) -> None:
    with database.writing() as conn:
        community = add_community(conn, "330483001001", "学府社区")
    leader(database)
    turns = Turns(database, nothing, Policy())
    spans = (0, 60, 200, 5000, 5299, 5600)  # minutes do not matter, seconds do: 60 + 140 + 299
    turns.run(lambda read: Outcome(facts=(opened(1, community=community),)), NOW, "test", 100).result(10)
    for seconds in spans:
        now = NOW + timedelta(seconds=seconds)
        happened = (f.TicketVisited(1, 200), g.ListNoted(1, 200, "清单内"))
        turns.run(lambda read, facts=happened: Outcome(facts=facts), now, "test", 200).result(10)
    turns.run(lambda read: Outcome(facts=(f.TicketRated(1, 100, "满意"),)), NOW, "test", 100).result(10)
    asked = (
        QuestionAnswered(5, 100), QuestionAnswered(5, 100), AnswerJudged(5, 100, False), AnswerJudged(5, 100, True),
        QuestionOpened(9, 1, community, 100, "几点开门"),
    )  # fmt: skip
    turns.run(lambda read: Outcome(facts=asked), NOW, "test", 100).result(10)
    turns.close(10)
    settle(database, NOW + timedelta(days=1), 3)
    found = tallied.effort(database, Asked((community,), *EVER))
    assert found == Effort(acts=6, seconds=60 + 140 + 299, answered=2, unhelped=1, handed=1, replied=0)


def test_lists_go_on_where_they_ended(database: Database) -> None:
    with database.writing() as conn:
        community = add_community(conn, "330483001001", "学府社区")
    for number in range(1, 8):
        do(database, opened(number, community=community), now=at(number * 700))
    settle(database, at(9000))
    asked, seen = Asked((community,), *EVER), []
    before = None
    while page := tallied.behind(database, asked, "", "whole", before=before, limit=3):
        seen += [one.ticket for one in page]
        before = (page[-1].day.isoformat(), page[-1].ticket)
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert [one.ticket for one in tallied.behind(database, asked, "", "whole", "category", "0201", limit=2)] == [7, 6]
    assert tallied.behind(database, asked, "", "whole", "category", "0302") == []
    assert tallied.behind(database, Asked((), *EVER), "", "whole") == []
