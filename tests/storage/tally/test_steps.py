"""Adding up goes on in small steps: once for many, broken off, beside another process, and shown page by page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete

from handlers.knowledge.facts import AnswerJudged, QuestionAnswered, QuestionOpened
from handlers.policy import Policy
from handlers.tickets import facts as f
from handlers.tickets import facts_chain as g
from handlers.types import Outcome
from storage import chain, tallied, tally, tally_owed
from storage.engine import Database
from storage.land import add_community
from storage.schema import facts, number_days, ticket_numbers
from storage.tallied import Asked, Effort
from storage.tally_days import ALL, add_up
from storage.transaction import Transaction
from storage.turns import Turns
from tests.storage.kit import NOW, at, do, nothing, opened, rows
from tests.storage.tally.kit import EVER, Town, agree, leader, settle


def test_nothing_new_writes_nothing(town: Town) -> None:
    town.new(NOW)
    settle(town.db, NOW)
    before = rows(town.db, number_days)
    assert tally.follow(town.db, NOW) == 0
    assert tally.told_until(town.db) == NOW
    with town.db.writing() as conn:
        conn.execute(delete(number_days))
    tally.forget(town.db)
    settle(town.db, NOW)
    assert rows(town.db, number_days) == before, "a walk over all adds every day up again"


def test_a_ticket_is_judged_once_and_what_says_nothing_new_is_not_summed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk over all tickets leaves those alone whose facts are still to be told."""
    judged: list[int] = []
    rows_of = tally.rows_of

    def seen(tx: Transaction, ids: Collection[int]) -> list[object]:
        judged.extend(ids)
        return rows_of(tx, ids)

    monkeypatch.setattr(tally, "rows_of", seen)
    made = town.new(NOW)
    assert tally.follow(town.db, NOW) and judged == []
    settle(town.db, NOW)
    assert sorted(judged) == made
    agree(town.db, None, NOW)
    town.happen(at(1), f.OwnerReminded(made[0], "remind", 0))
    chain.seal(town.db)
    assert tally.follow(town.db, at(1)) == 1
    assert judged[4:] == made[:1]
    with town.db.reading() as conn:
        assert not tally_owed.owed(conn).days
    assert tally.told_until(town.db) == at(1)


def test_a_ticket_without_facts_is_judged_too(town: Town) -> None:
    made = town.new(NOW)
    with town.db.writing() as conn:
        conn.execute(delete(facts).where(facts.c.ticket == made[0]))
    settle(town.db, NOW)
    assert [row.ticket for row in rows(town.db, ticket_numbers)] == made


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
