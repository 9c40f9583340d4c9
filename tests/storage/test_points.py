"""The points ledger adds up, gives nothing twice and never more than there is, whatever happens in which order."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from handlers import clockwork
from handlers.points import earn, rules
from handlers.points.earn import Merit
from handlers.points.facts import (
    LevelStated,
    LevelWithdrawn,
    PointsEarned,
    PointsFrozen,
    PointsReversed,
    RedemptionMade,
)  # fmt: skip
from handlers.points.shop import ended
from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import PostClaimed
from handlers.types import Media, Outcome, Refused
from storage import ledger_audit, photo_marks, view_levels
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.schema import persons, point_accounts, point_entries, redemptions, shop_items
from storage.timers import fire_due
from storage.transaction import Stale
from tests.conftest import SECRET
from tests.storage.kit import NOW, asked, at, do, nothing, open_turns, opened, row, rows

PERSON, COMMUNITY = 100, 7


def community(db: Database) -> None:
    from storage.land import add_community

    with db.writing() as conn:
        made = add_community(conn, "330483001001", "学府社区")
        conn.exec_driver_sql(f"UPDATE communities SET id = {COMMUNITY} WHERE id = {made}")


def item(db: Database, stock: int, points: int = 10, id_: int = 1) -> None:
    with db.writing() as conn:
        conn.execute(
            shop_items.insert().values(
                id=id_, community=COMMUNITY, name=f"东西{id_}", points=points, stock=stock, pickup="", open=True
            )
        )


def earned(entry: int, points: int, once: str, person: int = PERSON) -> PointsEarned:
    return PointsEarned(entry, person, COMMUNITY, rules.REPORT, 1, points, once)


def redeem(db: Database, person: int, number: int, points: int = 10) -> RedemptionMade:
    return RedemptionMade(number, new_id(), person, COMMUNITY, 1, points, at(60 * 24 * 10), f"{number:08d}")


def test_once_is_once(database: Database) -> None:
    do(database, earned(1, 2, "ZZ01:ticket:5:100"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        do(database, earned(2, 2, "ZZ01:ticket:5:100"))
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 2
    assert ledger_audit.findings(database) == []


def test_caps_of_a_day_and_a_month(database: Database) -> None:
    def grant(read: Read) -> Outcome:
        merits = [Merit(PERSON, COMMUNITY, rules.REPORT, f"ticket:{n}") for n in range(8)]
        return Outcome(facts=earn.granted(merits, NOW, Policy(), read))

    with open_turns(database, nothing) as turns:
        assert len(turns.run(grant, NOW, "test").result(10).facts) == 5  # domain.md §5.2: 5 reports a day
        assert turns.run(grant, NOW, "test").result(10).facts == ()
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 10


def test_nobody_approves_his_own_and_an_old_photo_earns_nothing(database: Database) -> None:
    own = Merit(PERSON, COMMUNITY, rules.REPORT, "ticket:1", by=PERSON)
    old = Merit(PERSON, COMMUNITY, rules.REPORT, "ticket:2", reused=True)
    assert asked(database, lambda read: earn.granted([own, old], NOW, Policy(), read)) == ()


def test_a_reversal_is_the_mirror_and_happens_once(database: Database) -> None:
    do(database, earned(1, 5, "a"))
    do(database, PointsReversed(2, 1, PERSON, COMMUNITY, -5, 9, "查实不符"))
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 0
    assert asked(database, lambda read: read.points_times(PERSON, rules.REPORT, at(-60))) == 0
    with pytest.raises(Exception, match=r"(?i)unique"):
        do(database, PointsReversed(3, 1, PERSON, COMMUNITY, -5, 9, "再来一次"))
    assert ledger_audit.findings(database) == []


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


def test_one_persons_points_are_not_spent_twice(database: Database) -> None:
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


def test_old_points_go_but_never_more_than_there_is(database: Database) -> None:
    from handlers.points.timers import expire

    community(database)
    item(database, stock=9)
    do(database, earned(1, 30, "old"), now=NOW.replace(year=2024))
    do(database, earned(2, 5, "new"))
    do(database, redeem(database, PERSON, 1, 20))
    facts = asked(database, lambda read: expire(PERSON, COMMUNITY, at(60), Policy(), read))
    assert [fact.points for fact in facts] == [-10]  # of 30 old ones 20 were spent first
    do(database, *facts)
    assert asked(database, lambda read: read.points_account(PERSON)).balance == 5
    assert asked(database, lambda read: expire(PERSON, COMMUNITY, at(60), Policy(), read)) == ()
    assert ledger_audit.findings(database) == []


def test_the_audit_finds_what_was_changed_by_hand(database: Database) -> None:
    do(database, earned(1, 2, "a"), earned(2, 3, "b"))
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE point_accounts SET balance = 500")
    assert any("100" in line and "500" in line for line in ledger_audit.findings(database))
    with database.writing() as conn:
        conn.exec_driver_sql("UPDATE point_accounts SET balance = 5")
        conn.exec_driver_sql("DELETE FROM point_postings WHERE entry = 1 AND account = 'issued:7'")
    assert any("1" in line for line in ledger_audit.findings(database))


def test_a_photo_of_an_older_report_is_known_again(database: Database) -> None:
    """Golden scenario 16: the duplicate photo of last month."""
    for ticket, file in ((1, "a"), (2, "b"), (3, "c")):
        do(database, opened(ticket, media=(Media("photo", f"file:{file}.jpg"),)))
    photo_marks.add(database, "a.jpg", 0x0123_4567_89AB_CDEF)
    photo_marks.add(database, "b.jpg", 0x0123_4567_89AB_CDEC)  # two bits apart: encoded again
    photo_marks.add(database, "c.jpg", 0x0123_FFFF_0000_1111)
    photo_marks.add(database, "c.jpg", 0x0123_FFFF_0000_1111)
    told = [asked(database, lambda read, n=n: read.photo_reused(n)) for n in (1, 2, 3)]
    assert told == [False, True, False]  # the first one is the original


def test_statements_stand_until_they_end_or_are_withdrawn(database: Database) -> None:
    do(database, LevelStated(5, PERSON, COMMUNITY, "A", "农商银行", at(60), "ABCDEFGH23"))
    with database.writing() as conn:
        conn.execute(persons.insert().values(id=PERSON, name="王秀英", created=NOW))
    assert view_levels.standing(database, "ABCDEFGH23", at(59)).level == "A"  # type: ignore[union-attr]
    assert view_levels.standing(database, "ABCDEFGH23", at(61)) is None
    do(database, LevelWithdrawn(5, PERSON))
    assert view_levels.standing(database, "ABCDEFGH23", at(59)) is None


def test_two_persons_who_are_one_keep_their_points(database: Database) -> None:
    do(database, earned(1, 7, "a", 100), earned(2, 5, "b", 200))
    with database.writing() as conn:
        for person in (100, 200):
            conn.execute(persons.insert().values(id=person, community=7, created=NOW, anonymous=False, notice=0))
    do(database, PostClaimed(100, 200))
    assert asked(database, lambda read: [read.points_account(person).balance for person in (100, 200)]) == [0, 12]
    assert ledger_audit.findings(database) == []


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


def test_any_order_adds_up(tmp_path, sqlite_template) -> None:  # type: ignore[no-untyped-def]
    import shutil

    shutil.copyfile(sqlite_template, tmp_path / "books.db")
    db = open_database(f"sqlite:///{tmp_path / 'books.db'}", SECRET)
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
