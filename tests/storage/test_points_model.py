"""The points ledger and the shop's stock add up, whatever happens in which order."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from handlers.points import rules
from handlers.points.shop import ended
from handlers.read import Read
from handlers.types import Outcome, Refused
from storage import batches, ledger_audit
from storage.engine import Database, open_database
from storage.schema import point_accounts, point_entries, redemptions, shop_items
from storage.transaction import Stale
from tests.conftest import SECRET
from tests.storage.books import community, earned, item, redeem
from tests.storage.kit import NOW, nothing, open_turns


class Books(RuleBasedStateMachine):
    """A model of balances and stock beside the real ledger (SQLite): any order of what can happen."""

    database: Database

    @initialize(stock=st.integers(0, 3))
    def start(self, stock: int) -> None:
        with self.database.writing() as conn:
            for table in (point_entries, point_accounts, redemptions, shop_items):
                conn.execute(table.delete())
            conn.exec_driver_sql("DELETE FROM point_postings")
            conn.exec_driver_sql("DELETE FROM point_months")
            conn.exec_driver_sql("DELETE FROM facts")
        item(self.database, stock)
        self.stock, self.held, self.balance, self.count = stock, {}, dict.fromkeys((1, 2, 3), 0), 0
        self.turns = open_turns(self.database, nothing)
        self.door = self.turns.__enter__()

    def run_it(self, work) -> bool:  # type: ignore[no-untyped-def]
        try:
            return bool(self.door.run(work, NOW, "test").result(10).facts)
        except Stale:
            return False

    @rule(person=st.sampled_from((1, 2, 3)), points=st.integers(1, 20), key=st.integers(0, 30))
    def earn(self, person: int, points: int, key: int) -> None:
        def work(read: Read) -> Outcome:
            if read.points_given(f"k{key}"):
                raise Refused("给过了")
            uncapped = replace(earned(read.new_id(), points, f"k{key}", person), rule=rules.DUTY)
            return Outcome(facts=(uncapped,))

        if self.run_it(work):
            self.balance[person] += points

    @rule(person=st.sampled_from((1, 2, 3)))
    def redeem(self, person: int) -> None:
        self.count += 1
        number = self.count
        done = self.run_it(lambda read: Outcome(facts=(redeem(self.database, person, number),)))
        assert done == (self.balance[person] >= 10 and self.stock > 0)
        if done:
            self.balance[person] -= 10
            self.stock -= 1
            self.held[number] = person

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def give_up(self, data) -> None:  # type: ignore[no-untyped-def]
        number = data.draw(st.sampled_from(sorted(self.held)))

        def work(read: Read) -> Outcome:
            found = read.redemption(number)
            assert found is not None
            return Outcome(facts=ended(replace(found, state="held"), "cancelled", read))

        assert self.run_it(work)
        assert not self.run_it(work)  # a second click changes nothing
        self.balance[self.held.pop(number)] += 10
        self.stock += 1

    @invariant()
    def it_adds_up(self) -> None:
        if not hasattr(self, "door"):
            return
        with self.database.reading() as conn:
            there = {row.person: row.balance for row in conn.execute(select(point_accounts))}
            stock = conn.execute(select(shop_items.c.stock)).scalar_one()
            held = conn.execute(select(func.count()).where(redemptions.c.state == "held")).scalar_one()
        assert {person: points for person, points in self.balance.items() if points} == {
            person: points for person, points in there.items() if points
        }
        assert (stock, held) == (self.stock, len(self.held))
        assert ledger_audit.findings(self.database) == []

    def teardown(self) -> None:
        if hasattr(self, "turns"):
            self.turns.__exit__(None, None, None)


def test_any_order_adds_up(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_PAUSE", 0.0)  # what is refused is tried again, and here nobody else writes
    db = open_database(sqlite_url, SECRET)
    community(db)
    random.seed(1)
    Books.database = db
    try:
        case = Books.TestCase
        case.settings = settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        )
        case("runTest").runTest()
    finally:
        db.close()
