"""What each role may see of tickets, the list's pages by key, its counts: the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from bot.console.queues import OPEN_VIEW, VIEWS, Query, key_text, read_query
from handlers.tickets.limits import presses
from handlers.tickets.rules import OPEN, Status
from handlers.types import Role
from storage import people, schema, staff, views, work_list
from storage.assignees import Assignee, assignees
from storage.engine import Database
from storage.schema.tickets import OPEN_ONLY
from storage.sight import Sight, StaffRole, sight_of
from storage.staff import RolesMixed
from storage.work_list import Wanted
from tests.storage.kit import NOW, at, do, opened
from tests.storage.town import Town, build

OPEN_STATES = frozenset(status.value for status in OPEN)


@pytest.fixture
def town(database: Database) -> Town:
    """The register's town, a second community beside it, a property company, a street."""
    made = build(database)
    with database.writing() as conn:
        conn.execute(
            insert(schema.communities).values(id=90, code="330483001002", name="别处", street="梧桐街道", phone="")
        )
        conn.execute(insert(schema.units).values(id=70, code="WY-1", name="学府物业", kind="WY", phone=""))
        conn.execute(insert(schema.units).values(id=71, code="JD-1", name="梧桐街道指挥室", kind="JD", phone=""))
        conn.execute(insert(schema.unit_areas).values(id=1, unit=70, scope="estate", place=5, street=""))
        conn.execute(insert(schema.unit_areas).values(id=2, unit=71, scope="street", place=0, street="梧桐街道"))
        for person, role, scope in ((80, Role.HEAD, 70), (81, Role.STREET, 71), (82, Role.DESK, 90)):
            conn.execute(insert(schema.persons).values(id=person, name=f"人{person}", community=0, created=NOW))
            people.add_post(conn, person, role, scope, now=NOW)
    return made


def _put(database: Database, ticket: int, **more: object) -> None:
    """A ticket as it stands, whatever its history."""
    columns = ("unit", "tier", "against", "against_unit", "status", "due")
    stands = {name: more.pop(name) for name in columns if name in more}
    do(database, opened(ticket, **more))  # type: ignore[arg-type]
    if stands:
        with database.writing() as conn:
            conn.execute(update(schema.tickets).where(schema.tickets.c.id == ticket).values(**stands))


def _sight(database: Database, person: int, role: StaffRole) -> Sight:
    with database.reading() as conn:
        return sight_of(conn, person, role)


def _seen(database: Database, sight: Sight | None) -> set[int]:
    found = {row.id for row in work_list.page(database, sight, Wanted(), None, 90)}
    assert found == {row.id for row in views.board(database, sight, 90)}
    for ticket in range(1, 20):
        assert (views.detail(database, ticket, sight) is not None) == (ticket in found), "list and page agree"
    return found


def test_each_role_sees_its_own(database: Database, town: Town) -> None:
    _put(database, 1, community=10, micro_grid=12, owner=40)
    _put(database, 2, community=10, micro_grid=12, owner=0, category="1102", kind="投诉举报")  # at the desk
    _put(database, 3, community=10, micro_grid=12, owner=40, category="1207")  # desk's eyes only, but it is his task
    _put(database, 4, community=90, micro_grid=0, owner=82)
    _put(database, 5, community=10, owner=0, unit=70)
    _put(database, 6, community=10, owner=0, unit=70, against_unit=70)
    _put(database, 7, community=10, owner=42, against=42)
    _put(database, 8, community=10, owner=0, tier=3)
    _put(database, 9, community=90, owner=0, level="T0")
    _put(database, 10, owner=0)  # nobody knows yet where it is
    expected = {
        (40, StaffRole.LEADER): {1, 3}, (41, StaffRole.LEADER): {1}, (43, StaffRole.GRID): {1},
        (42, StaffRole.DESK): {1, 2, 3, 5, 6, 8, 10}, (82, StaffRole.DESK): {4, 9, 10},
        (80, StaffRole.UNIT): {5}, (81, StaffRole.STREET): {8, 9}, (42, StaffRole.STREET): set(),
        (42, StaffRole.UNIT): set(), (80, StaffRole.LEADER): set(),
    }  # fmt: skip
    for (person, role), tickets in expected.items():
        assert _seen(database, _sight(database, person, role)) == tickets, (person, role)
    assert _seen(database, None) == set(range(1, 11))
    assert _sight(database, 80, StaffRole.UNIT).communities == (10,)
    assert _sight(database, 81, StaffRole.STREET).communities == (10, 90)
    assert _sight(database, 43, StaffRole.GRID).micro_grids == (12,)
    assert _sight(database, 1, StaffRole.SYSTEM).communities == (10, 90)


def test_an_ended_post_sees_nothing(database: Database, town: Town) -> None:
    _put(database, 1, community=10, micro_grid=12, owner=0)
    with database.writing() as conn:
        people.end_post(conn, 41, Role.DEPUTY, 12, now=NOW)
    assert _seen(database, _sight(database, 41, StaffRole.LEADER)) == set()
    _put(database, 2, owner=0)  # nobody knows yet where it is: it is every desk's
    assert _seen(database, _sight(database, 82, StaffRole.DESK)) == {2}
    with database.writing() as conn:
        people.end_post(conn, 82, Role.DESK, 90, now=NOW)
    assert _seen(database, _sight(database, 82, StaffRole.DESK)) == set()


def test_danger_first_then_what_is_due(database: Database, town: Town) -> None:
    for number, (minutes, level) in enumerate(((50, "T2"), (30, "T2"), (None, "T2"), (90, "T0"), (30, "T2")), 1):
        _put(database, number, community=10, owner=0, level=level, due=None if minutes is None else at(minutes))
    _put(database, 6, community=10, owner=0, status=Status.DONE.value)
    desk = _sight(database, 42, StaffRole.DESK)
    found = [row.id for row in work_list.page(database, desk, Wanted(OPEN_STATES), None, 9)]
    assert found == [4, 2, 5, 1, 3]
    assert [row.id for row in work_list.page(database, desk, Wanted(), None, 9)] == [6, 5, 4, 3, 2, 1]
    assert [row.id for row in work_list.page(database, desk, Wanted(OPEN_STATES, due_before=at(40)), None, 9)] == [
        2,
        5,
    ]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from(["T0", "T2"]), st.none() | st.integers(0, 3)), max_size=9),
    size=st.integers(1, 4), closed=st.booleans(),
)  # fmt: skip
def test_pages_by_key_are_the_whole_list_once(
    database: Database, rows: list[tuple[str, int | None]], size: int, closed: bool
) -> None:
    with database.writing() as conn:
        conn.execute(schema.tickets.delete())
    for number, (level, due) in enumerate(rows, 1):
        with database.writing() as conn:
            conn.execute(
                insert(schema.tickets).values(
                    id=number, code=str(number), tail="1", category="0201", level=level, urgency="normal",
                    kind="求助", status="待接单", place="{}", words="灯", summary="灯", reporter=1, owner=0,
                    source="wechat",
                    opened=NOW, changed=NOW, due=None if due is None else at(due),
                )
            )  # fmt: skip
    wanted = Wanted() if closed else Wanted(OPEN_STATES)
    whole = [row.id for row in work_list.page(database, None, wanted, None, 99)]
    pages: list[int] = []
    after = None
    while True:
        found = work_list.page(database, None, wanted, after, size)
        pages += [row.id for row in found[:size]]
        if len(found) <= size:
            break
        after = work_list.key_of(found[size - 1])
        again = read_query({"after": key_text(after)}, StaffRole.DESK).after
        assert again == after
    assert pages == whole and len(whole) == len(rows)


def test_counts_of_the_views_are_what_their_lists_show(database: Database, town: Town) -> None:
    for number, status in enumerate(Status, 1):
        _put(
            database, number, community=10, owner=42 if number % 2 else 40, status=status.value,
            due=at(60 * 20 * (number % 4)) if number % 3 else None,
        )  # fmt: skip
    desk = _sight(database, 42, StaffRole.DESK)
    tallies = work_list.tallies(database, desk, 42, NOW)
    for view in VIEWS[StaffRole.DESK]:
        listed = work_list.page(database, desk, Query(view).wanted(42, NOW), None, 99)
        if view.statuses:
            assert view.count(tallies) == len(listed), view.name
            assert listed or view.key == "none"
        else:
            assert len(listed) == len(Status)


def test_pressing_is_the_last_fifth_of_the_limit(database: Database, town: Town) -> None:
    hours = (
        ("T0", 1.9),
        ("T0", 0.4),
        ("T1", 23),
        ("T1", 4),
        ("T2", 20),
        ("T2", 14),
        ("T3", 26),
        ("T3", 23),
        ("T2", -1),
    )
    for number, (level, left) in enumerate(hours, 1):
        _put(database, number, community=10, owner=42, level=level, due=at(int(left * 60)))
    view = next(one for one in VIEWS[StaffRole.DESK] if one.soon)
    found = work_list.page(database, _sight(database, 42, StaffRole.DESK), Query(view).wanted(42, NOW), None, 99)
    assert {row.id for row in found} == {2, 4, 6, 8, 9}
    assert {n for n, (level, left) in enumerate(hours, 1) if presses(level, NOW + timedelta(hours=left), NOW)} == {
        row.id for row in found
    }


def test_filters_narrow(database: Database, town: Town) -> None:
    _put(database, 1, community=10, micro_grid=12, owner=40, category="0201")
    _put(database, 2, community=10, owner=42, category="0501", source="wecom")
    desk = _sight(database, 42, StaffRole.DESK)
    for asked, expected in (
        ({"category": "02"}, [1]), ({"category": "0501"}, [2]), ({"owner": "42"}, [2]), ({"grid": "12"}, [1]),
        ({"source": "wecom"}, [2]), ({"state": "待接单"}, [1, 2]), ({"state": "处置中"}, []),
        ({"clock": "day"}, [1, 2]), ({"clock": "late"}, []), ({"view": "mine"}, [2]),
        ({"view": "mine", "owner": "40"}, [2]),
        ({"category": "%", "owner": "x", "state": "x", "after": "9_9_9", "view": "x", "grid": "-1"}, [1, 2]),
        ({"after": f"1_{10**17}_{10**18}"}, []), ({"after": f"1_{10**18 - 1}_5"}, [1, 2]),
    ):  # fmt: skip
        query = read_query(asked, StaffRole.DESK)
        found = work_list.page(database, desk, query.wanted(42, NOW), query.after, 9)
        assert [row.id for row in found] == expected, asked
    assert work_list.owners(database, desk) == [(42, "王社"), (40, "陈立")]
    assert work_list.grids_of(database, desk) == [(12, "学府1-3")]
    assert OPEN_VIEW.statuses == OPEN_STATES


def test_who_can_be_given_a_ticket_works_here(database: Database, town: Town) -> None:
    persons, units = assignees(database, (10,))
    assert [one.id for one in persons] == [42, 43, 40, 41]
    assert [one.id for one in units] == [70]
    assert assignees(database, (90,)) == (
        [Assignee(82, "人82", "别处", "社区", 90)], []
    )  # fmt: skip


def test_the_index_says_what_the_rules_say() -> None:
    assert {part for part in OPEN_ONLY.split("'") if not part.isascii()} == OPEN_STATES | {Status.TO_RATE.value}


def test_one_person_has_no_two_roles_of_which_one_administers(database: Database, town: Town) -> None:
    word = "correct-horse-9"
    with database.writing() as conn:
        staff.add_login(conn, "desk", word, 42, now=NOW)
        staff.add_login(conn, "leader", word, 42, now=NOW, role=StaffRole.LEADER)
        with pytest.raises(RolesMixed):
            staff.add_login(conn, "audit", word, 42, now=NOW, role=StaffRole.AUDIT)
        staff.add_login(conn, "system", word, 80, now=NOW, role=StaffRole.SYSTEM)
        for role in (StaffRole.SECURITY, StaffRole.DESK):
            with pytest.raises(RolesMixed):
                staff.add_login(conn, "other", word, 80, now=NOW, role=role)
        staff.disable_login(conn, "system", now=NOW)
        staff.add_login(conn, "other", word, 80, now=NOW, role=StaffRole.DESK)
