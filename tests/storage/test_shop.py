"""The shop gives no more than there is, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers import clockwork
from handlers.points.facts import PointsFrozen
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Refused
from storage import batches, ledger_audit
from storage.engine import Database, open_database
from storage.schema import redemptions, shop_items
from storage.timers import fire_due
from storage.transaction import Stale
from tests.conftest import SECRET
from tests.storage.books import PERSON, community, earned, item, redeem
from tests.storage.kit import NOW, asked, do, nothing, open_turns, row, rows


def test_the_last_piece_goes_to_one(database: Database, database_url: str) -> None:
    """Golden scenario 17: two processes, forty people, three pieces."""
    community(database)
    item(database, stock=3)
    do(database, *(earned(n, 10, f"o{n}", n) for n in range(1, 41)))
    second = open_database(database_url, SECRET)
    got = []

    def try_one(person: int) -> bool:
        db = database if person % 2 else second

        def work(read: Read) -> Outcome:
            stock = read.shop_item(1)
            if stock is None or not stock.stock:
                raise Refused("换完了")
            return Outcome(facts=(redeem(db, person, person),))

        try:
            return bool(doors[person % 2].run(work, NOW, "test").result(20).facts)
        except Stale:
            return False

    with open_turns(database, nothing) as one, open_turns(second, nothing) as two:
        doors = (two, one)
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(try_one, range(1, 41)))
    second.close()
    assert sum(got) == 3
    assert row(database, shop_items).stock == 0
    assert len(rows(database, redemptions)) == 3
    assert ledger_audit.findings(database) == []


def test_one_persons_points_are_not_spent_twice(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "_PAUSE", 0.0)
    community(database)
    item(database, stock=50)
    do(database, earned(1, 15, "a"))
    with open_turns(database, nothing) as turns:
        waiting = [
            turns.run(lambda read, n=n: Outcome(facts=(redeem(database, PERSON, n),)), NOW, "test")
            for n in range(1, 9)
        ]
        done = [future.exception(20) is None for future in waiting]
    assert sum(done) == 1
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 5
    assert row(database, shop_items).stock == 49
    assert ledger_audit.findings(database) == []


def test_frozen_points_are_not_spent(database: Database) -> None:
    community(database)
    item(database, stock=1)
    do(database, earned(1, 50, "a"), PointsFrozen(PERSON, 9, True, "怀疑刷分"))
    with pytest.raises(Stale):
        do(database, redeem(database, PERSON, 1))
    do(database, PointsFrozen(PERSON, 9, False))
    do(database, redeem(database, PERSON, 1))
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 40


def test_a_code_nobody_fetched_gives_the_points_back(database: Database) -> None:
    from handlers.timing import TimerSet

    community(database)
    item(database, stock=1)
    do(database, earned(1, 10, "a"))
    made = redeem(database, PERSON, 1)
    do(database, made, TimerSet(1, "pt_code", made.until))
    with open_turns(database, nothing) as turns:
        assert fire_due(database, turns, clockwork.fire, Policy(), made.until, 9) == 1
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 10
    assert (row(database, shop_items).stock, row(database, redemptions).state) == (1, "expired")
    assert ledger_audit.findings(database) == []
