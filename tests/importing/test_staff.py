"""Log-ins: locks, sessions, and answers that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.types import Role
from storage import people, staff, staff_sessions
from storage.engine import Database
from storage.schema import logins, sessions
from storage.staff import LoginRefused
from tests.importing.street import COMMUNITY, NOW

RIGHT = "correct-horse-9"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(database: Database) -> Iterator[Database]:
    with database.writing() as conn:
        community = people.add_community(conn, COMMUNITY, "学府社区")
        person = people.add_person(conn, "周敏", "", community, now=NOW)
        people.add_post(conn, person, Role.DESK, community, now=NOW)
        staff.add_login(conn, "zhoumin", RIGHT, person, now=NOW)
    yield database


def _wrong(db: Database, times: int, *, at: timedelta = timedelta()) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            staff.check_login(db, "zhoumin", "wrong-password", NOW + at)


def test_right_password_opens_a_session(desk: Database) -> None:
    token = staff.check_login(desk, "zhoumin", RIGHT, NOW)
    found = staff_sessions.session(desk, token, NOW)
    assert found is not None
    assert (found.login, found.name, len(found.communities)) == ("zhoumin", "周敏", 1)
    with desk.reading() as conn:
        stored = conn.execute(select(sessions.c.token_hash)).scalar_one()
    assert len(token) >= 43 and token not in stored and len(stored) == 64


@pytest.mark.parametrize("login", ["zhoumin", "nobody", "", "ZHOUMIN' OR '1'='1"])
def test_refusals_are_all_the_same(desk: Database, login: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        staff.check_login(desk, login, "wrong-password", NOW)
    assert str(refused.value) == str(LoginRefused())


def test_five_failures_lock_for_half_an_hour(desk: Database) -> None:
    _wrong(desk, 4)
    assert staff.check_login(desk, "zhoumin", RIGHT, NOW)  # counts from zero again
    _wrong(desk, 5)
    with pytest.raises(LoginRefused):
        staff.check_login(desk, "zhoumin", RIGHT, NOW + 29 * MINUTE)
    assert staff.check_login(desk, "zhoumin", RIGHT, NOW + 31 * MINUTE)


def test_trying_does_not_prolong_the_lock_and_it_starts_again_after(desk: Database) -> None:
    _wrong(desk, 5)
    _wrong(desk, 3, at=20 * MINUTE)
    _wrong(desk, 4, at=31 * MINUTE)
    assert staff.check_login(desk, "zhoumin", RIGHT, NOW + 32 * MINUTE)


def test_unknown_logins_are_checked_against_a_dummy(desk: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = staff._matches
    monkeypatch.setattr(staff, "_matches", lambda hashed, word: checked.append(hashed) or real(hashed, word))
    with pytest.raises(LoginRefused):
        staff.check_login(desk, "nobody", RIGHT, NOW)
    assert [hashed.split("$")[1:4] for hashed in checked] == [["argon2id", "v=19", "m=19456,t=2,p=1"]]


def test_sessions_end_when_idle_and_after_twelve_hours(desk: Database) -> None:
    token = staff.check_login(desk, "zhoumin", RIGHT, NOW)
    assert staff_sessions.session(desk, token, NOW + 31 * MINUTE) is None
    at = NOW
    while at <= NOW + timedelta(hours=12):
        assert staff_sessions.session(desk, token, at) is not None, at - NOW
        at += 29 * MINUTE
    assert staff_sessions.session(desk, token, at) is None


def test_log_out_unknown_tokens_and_disabled_logins(desk: Database) -> None:
    first, second = (staff.check_login(desk, "zhoumin", RIGHT, NOW) for _ in range(2))
    staff_sessions.end_session(desk, first, NOW)
    staff_sessions.end_session(desk, "unknown", NOW)
    assert staff_sessions.session(desk, first, NOW) is None
    assert staff_sessions.session(desk, second, NOW) is not None
    assert staff_sessions.session(desk, "", NOW) is None and staff_sessions.session(desk, "x" * 9_999, NOW) is None
    with desk.writing() as conn:
        assert staff.disable_login(conn, "zhoumin", now=NOW)
        assert not staff.disable_login(conn, "nobody", now=NOW)
    assert staff_sessions.session(desk, second, NOW) is None
    with pytest.raises(LoginRefused):
        staff.check_login(desk, "zhoumin", RIGHT, NOW)


def test_new_password_unlocks_and_ends_sessions(desk: Database) -> None:
    token = staff.check_login(desk, "zhoumin", RIGHT, NOW)
    _wrong(desk, 5)
    with desk.writing() as conn:
        person = conn.execute(select(logins.c.person)).scalar_one()
        staff.add_login(conn, "zhoumin", "another-horse-8", person, now=NOW)
        with pytest.raises(staff.LoginTaken):
            staff.add_login(conn, "zhoumin", "another-horse-7", person + 1, now=NOW)
    assert staff_sessions.session(desk, token, NOW) is None
    assert staff.check_login(desk, "zhoumin", "another-horse-8", NOW)


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "至少10位"), ("a" * 12, "简单"), ("zhoumin-2026", "登录名"), ("x1y2" * 60, "太长"), (RIGHT, "")],
)
def test_passwords(password: str, why: str) -> None:
    fault = staff.password_fault(password, "zhoumin")
    assert (why in fault) if why else not fault


def test_a_post_that_ended_shows_no_community(desk: Database) -> None:
    token = staff.check_login(desk, "zhoumin", RIGHT, NOW)
    (found,) = {staff_sessions.session(desk, token, NOW)}
    assert found is not None
    with desk.writing() as conn:
        people.end_post(conn, found.person, Role.DESK, found.communities[0], now=NOW)
    again = staff_sessions.session(desk, token, NOW)
    assert again is not None and again.communities == ()
