"""The points ledger gives nothing twice: earned, taken back, run out, found by the audit, kept in a merger."""

from __future__ import annotations

import pytest

from handlers.points import earn, rules
from handlers.points.earn import Merit
from handlers.points.facts import LevelStated, LevelWithdrawn, PointsReversed
from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import PostClaimed
from handlers.types import Media, Outcome
from storage import ledger_audit, photo_marks, view_levels
from storage.engine import Database
from storage.schema import persons
from tests.storage.books import COMMUNITY, PERSON, community, earned, item, redeem
from tests.storage.kit import NOW, asked, at, do, nothing, open_turns, opened


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
