"""A due timer fires once; one that fails is tried again later and holds up nobody."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from handlers import clockwork
from handlers.policy import Policy
from handlers.tickets.facts import OwnerReminded, TimerSet
from handlers.types import Outcome
from storage import timers
from storage.engine import Database, open_database
from storage.schema import facts
from storage.schema import timers as table
from tests.conftest import SECRET
from tests.storage.kit import NOW, at, do, nothing, open_turns, opened, row, rows


def remind(kind, subject, now, policy, read):  # type: ignore[no-untyped-def]
    ticket = read.ticket(subject)
    return Outcome(facts=(OwnerReminded(subject, kind, ticket.owner),) if ticket else ())


def fire(database: Database, what, now, limit: int = 100) -> int:  # type: ignore[no-untyped-def]
    with open_turns(database, nothing) as turns:
        return timers.fire_due(database, turns, what, Policy(), now, limit)


def test_due_ones_fire_once(database: Database) -> None:
    do(database, opened(1), TimerSet(1, "remind", at(5)), TimerSet(1, "deputy", at(3)), TimerSet(1, "overdue", at(9)))
    do(database, TimerSet(2, "remind", at(4.5)))
    assert timers.due(database, at(5), 10) == [(1, "deputy"), (2, "remind")]  # a ticket's steps one after the other
    assert timers.due(database, at(5), 1) == [(1, "deputy")]
    assert fire(database, remind, at(4), 100) == 1
    assert fire(database, remind, at(5)) == 2
    assert fire(database, remind, at(5)) == 0
    assert row(database, table).kind == "overdue"
    logged = rows(database, facts, facts.c.kind == "OwnerReminded")
    assert [(fact.ticket, fact.via, fact.actor, fact.at) for fact in logged] == [
        (1, "timer", 0, at(4)), (1, "timer", 0, at(5)),
    ]  # fmt: skip


def test_one_may_set_itself_again(database: Database) -> None:
    def again(kind, subject, now, policy, read):  # type: ignore[no-untyped-def]
        return Outcome(facts=(TimerSet(subject, kind, now + timedelta(hours=24)),))

    do(database, opened(1), TimerSet(1, "overdue", at(5)))
    assert fire(database, again, at(5)) == 1
    assert row(database, table).due == at(5) + timedelta(hours=24)


def test_a_failing_one_waits_longer_each_time(database: Database, caplog) -> None:  # type: ignore[no-untyped-def]
    def fails_on_one(kind, subject, now, policy, read):  # type: ignore[no-untyped-def]
        if subject == 1:
            raise ZeroDivisionError
        return remind(kind, subject, now, policy, read)

    do(database, opened(1), opened(2), TimerSet(1, "remind", NOW), TimerSet(2, "remind", NOW))
    assert fire(database, fails_on_one, NOW) == 1
    assert (row(database, table).ticket, row(database, table).attempts) == (1, 1)
    assert row(database, table).due == NOW + timedelta(seconds=30)
    assert "timer remind of ticket 1 failed" in caplog.text
    fire(database, fails_on_one, at(1))
    assert row(database, table).due == at(1) + timedelta(seconds=60)
    for _ in range(12):
        fire(database, fails_on_one, row(database, table).due)
    last = row(database, table).due
    fire(database, fails_on_one, last)
    assert row(database, table).due == last + timedelta(hours=1)
    assert fire(database, remind, last + timedelta(hours=1)) == 1


def test_of_a_ticket_that_is_not_there(database: Database) -> None:
    do(database, TimerSet(99, "remind", NOW))
    assert fire(database, clockwork.fire, NOW) == 1
    assert rows(database, table) == []
    assert [fact.kind for fact in rows(database, facts)] == ["TimerSet"]


def test_two_processes_sweep_at_once(database: Database, database_url: str) -> None:
    do(database, *(opened(n) for n in range(1, 21)), *(TimerSet(n, "remind", NOW) for n in range(1, 21)))
    second = open_database(database_url, SECRET)
    waiting = []
    with open_turns(database, nothing) as one, open_turns(second, nothing) as two:
        for ticket, kind in timers.due(database, NOW, 100):
            for turns in (one, two):
                work = timers._work(ticket, kind, remind, Policy(), NOW)
                waiting.append(turns.run(work, NOW, "timer"))
        for future in waiting:
            future.result(20)
    second.close()
    assert len(rows(database, facts, facts.c.kind == "OwnerReminded")) == 20


def test_steps_set_together_are_one_row_of_the_log(database: Database) -> None:
    do(database, opened(1), TimerSet(1, "remind", at(5)), TimerSet(1, "deputy", at(9)), TimerSet(2, "remind", at(4)),
       OwnerReminded(1, "remind", 200), TimerSet(1, "overdue", at(7)))  # fmt: skip
    assert [(row.kind, row.due) for row in rows(database, table, table.c.ticket == 1)] == [
        ("deputy", at(9)), ("overdue", at(7)), ("remind", at(5)),
    ]  # fmt: skip
    logged = [(row.kind, row.ticket, json.loads(row.body)) for row in rows(database, facts) if row.kind == "TimerSet"]
    assert logged == [
        ("TimerSet", 1, {"ticket": 1, "kind": ["remind", "deputy"], "due": [_iso(at(5)), _iso(at(9))]}),
        ("TimerSet", 2, {"ticket": 2, "kind": "remind", "due": _iso(at(4))}),
        ("TimerSet", 1, {"ticket": 1, "kind": "overdue", "due": _iso(at(7))}),
    ]


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
