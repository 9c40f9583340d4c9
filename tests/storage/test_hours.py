"""The ledger of hours: nothing twice, never more than a day holds, corrections that leave the first row alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from handlers.activities import record
from handlers.activities.facts import SeatsTaken
from handlers.activities.facts_hours import AttendanceClosed, CheckedIn, HoursRecorded, HoursReversed
from handlers.activities.port import Signup
from handlers.activities.rules import Place
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Person, Turn
from storage import doorcodes, volunteer_audit
from storage.engine import Database, open_database
from storage.schema import hours, hours_days, stations
from storage.turns import Unreachable
from tests.conftest import SECRET
from tests.storage.kit import NOW, asked, do, message, nothing, open_turns, row, rows
from tests.storage.volunteers import STARTS, opened

DAY = "2026-06-06"


def turn() -> Turn:
    return Turn(1, NOW, Person(900), message("k"), policy=Policy())


def test_a_days_cap_holds_whoever_records_at_the_same_time(database: Database, database_url: str) -> None:
    """Six activities of three hours on one day, recorded through two doors: eight hours, not eighteen."""
    activities = [opened(database, 5) for _ in range(6)]
    other = open_database(database_url, SECRET)

    def recorded(at: int):  # type: ignore[no-untyped-def]
        activity = activities[at]
        signup = Signup(at + 1, activity.id, activity.stations[0].id, 7, 1, (), Place.SEATED, NOW)

        def work(read: Read) -> Outcome:
            went = STARTS + timedelta(hours=3)
            return Outcome(facts=record.hours_of(turn(), activity, signup, STARTS, went, read))

        return work

    with open_turns(database, nothing) as one, open_turns(other, nothing) as two:
        done = [(one if at % 2 else two).run(recorded(at), NOW, "test") for at in range(6)]
        for future in done:
            future.result(30)
    other.close()
    assert row(database, hours_days, hours_days.c.person == 7).half == 16
    assert sum(one.half for one in rows(database, hours)) == 16
    assert volunteer_audit.findings(database) == []


def test_recorded_once(database: Database) -> None:
    activity = opened(database, 5)
    fact = HoursRecorded(10, 7, 1, activity.id, 3, 100, DAY, 900)
    do(database, fact)
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|uq_hours_once"):
        do(database, HoursRecorded(11, 7, 1, activity.id, 3, 100, DAY, 900))
    assert len(rows(database, hours)) == 1


def test_closed_once(database: Database) -> None:
    activity = opened(database, 5)
    do(database, AttendanceClosed(activity.id, 900, 1, 0))
    with pytest.raises(Exception) as refused:
        do(database, AttendanceClosed(activity.id, 900, 1, 0))
    assert not isinstance(refused.value, Unreachable)


def test_checked_in_once(database: Database) -> None:
    activity = opened(database, 5)
    do(database, SeatsTaken(1, activity.id, activity.stations[0].id, 7, 1, "seated"))
    do(database, CheckedIn(1, activity.id, 7, NOW, "qr"))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|attendances"):
        do(database, CheckedIn(1, activity.id, 7, NOW, "qr"))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(halves=st.lists(st.integers(0, 16), min_size=1, max_size=6))
def test_corrections_add_rows_and_the_sum_is_the_last_word(database: Database, halves: list[int]) -> None:
    activity = opened(database, 5)
    person = activity.id % 1_000_003 + 10
    number = activity.id
    do(database, HoursRecorded(number, person, number, activity.id, halves[0], 30, DAY, 900))
    for round_, (before, after) in enumerate(pairwise(halves), 1):
        do(
            database,
            HoursReversed(number + 2 * round_, number, person, activity.id, activity.id, before, 30, DAY, 900),
            HoursRecorded(
                number + 2 * round_ + 1, person, activity.id, activity.id, after, 30, DAY, 900, round=round_
            ),
        )  # fmt: skip
        number = number + 2 * round_ + 1
    ledger = asked(database, lambda read: read.served_by(person))
    assert sum(one.half for one in ledger) == halves[-1]
    assert len(ledger) == 2 * len(halves) - 1
    assert [one.half for one in record.standing(ledger)] == [halves[-1]]
    assert asked(database, lambda read: read.half_hours_on(person, DAY)) == halves[-1]
    assert volunteer_audit.findings(database) == []


def test_a_row_is_reversed_once(database: Database) -> None:
    activity = opened(database, 5)
    do(database, HoursRecorded(10, 7, 1, activity.id, 3, 100, DAY, 900))
    do(database, HoursReversed(11, 10, 7, 1, activity.id, 3, 100, DAY, 900))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|uq_hours_reversed"):
        do(database, HoursReversed(12, 10, 7, 1, activity.id, 3, 100, DAY, 900))


def test_door_codes_end(database: Database) -> None:
    token, digits = doorcodes.token(5, NOW), doorcodes.digits(5, NOW)[0]
    assert doorcodes.activity_of(token, NOW + timedelta(seconds=29)) == 5
    assert doorcodes.activity_of(token, NOW + timedelta(seconds=61)) == 0
    assert doorcodes.activity_of(token.replace("a1.5.", "a1.6."), NOW) == 0
    for other in ("", "a1.", "a1.5", "a1.五.x", "g1.5.x", "a1." + "9" * 60):
        assert doorcodes.activity_of(other, NOW) == 0
    assert digits in doorcodes.digits(5, NOW + timedelta(minutes=5))
    assert digits not in doorcodes.digits(5, NOW + timedelta(minutes=11))


def test_the_audit_finds_what_was_changed_behind_our_back(database: Database) -> None:
    activity = opened(database, 5)
    post = activity.stations[0].id
    do(
        database, SeatsTaken(1, activity.id, post, 7, 2, "seated"),
        HoursRecorded(10, 7, 1, activity.id, 3, 90, DAY, 900),
        HoursReversed(11, 10, 7, 1, activity.id, 3, 90, DAY, 900),
        HoursRecorded(12, 7, 1, activity.id, 4, 120, DAY, 900, round=1),
    )  # fmt: skip
    assert volunteer_audit.findings(database) == []
    for change, words in (
        (update(stations).values(taken=1), "名额"),
        (update(hours_days).values(half=5), "明细合计2.0小时"),
        (update(hours).where(hours.c.id == 11).values(half=-2), "冲正"),
        (update(hours).where(hours.c.id == 11).values(reverses=99), "两笔"),
    ):
        with database.writing() as conn:
            conn.execute(change)
        assert any(words in line for line in volunteer_audit.findings(database)), words
