"""What a handler is told about people, places and tickets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert

from handlers.read import Community, Duty, Ticket
from handlers.tickets.facts import TicketFollowed, TicketSolved
from handlers.tickets.rules import Status
from handlers.types import Pin, Role
from nlp.types import Place
from storage import read
from storage.engine import Database
from storage.read import Reader
from storage.schema import holidays
from tests.storage.kit import HOME, NOW, asked, at, do, opened
from tests.storage.town import Town

AT = Place(community=10, estate=5, estate_name="学府花园", building="3", unit="2")


def test_people_and_posts(database: Database, town: Town) -> None:
    leader = asked(database, lambda r: r.person(town.leader))
    assert (leader.name, leader.community, leader.scopes(Role.LEADER)) == ("陈立", 10, (12,))
    assert asked(database, lambda r: r.person(999)) is None
    assert asked(database, lambda r: r.person(0)) is None
    assert asked(database, lambda r: r.community(10)) == Community(10, "学府社区", "0573-1", "梧桐街道")
    assert asked(database, lambda r: r.community(99)) is None
    assert asked(database, lambda r: (r.desk(10), r.desk(99), r.desk(0))) == ((42,), (), (42,))
    assert [p.id for p in asked(database, lambda r: r.holders(Role.DEPUTY, 12))] == [41]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("陈立", [40]), ("王社", [42]), ("李师傅", [43]), ("陈长", [40, 41]), ("陈微网格长", [40, 41]), ("陈", []),
        ("赵师傅", []), ("", []), ("师傅", []),
    ],
)  # fmt: skip
def test_person_named(database: Database, town: Town, name: str, found: list[int]) -> None:
    assert [p.id for p in asked(database, lambda r: r.person_named(10, name))] == found
    assert asked(database, lambda r: r.person_named(99, name)) == ()


FULL = Duty(10, 12, "学府1-3", 40, 41, (42,))
ONLY_DESK = Duty(10, desk=(42,))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (replace(AT, room="302"), FULL),
        (replace(AT, room="999"), FULL),  # a room the register does not have: its unit
        (AT, FULL),
        (replace(AT, unit="", room=""), ONLY_DESK),  # two units, not one micro-grid
        (replace(AT, unit="1"), ONLY_DESK),
        (replace(AT, building="7", unit=""), FULL),
        (replace(AT, building="", unit="", spot="北门"), ONLY_DESK),
    ],
)
def test_duty(database: Database, town: Town, place: Place, expected: Duty) -> None:
    assert asked(database, lambda r: r.duty(place)) == expected


def test_duty_of_an_unknown_micro_grid(database: Database, town: Town) -> None:
    assert asked(database, lambda r: (r.duty_of(12), r.duty_of(99))) == (FULL, Duty(0))


def test_places(database: Database, town: Town) -> None:
    homes = asked(database, lambda r: r.households_at(AT))
    assert [home.place.room for home in homes] == ["301", "302", "402"]
    assert homes[0].place.label == "学府花园3幢2单元301室"
    assert {home.relation for home in homes} == {""}
    assert [h.household for h in asked(database, lambda r: r.households_at(replace(AT, room="302")))] == [61]
    assert [h.household for h in asked(database, lambda r: r.households_at(replace(AT, floor="4")))] == [62]
    assert asked(database, lambda r: r.households_at(replace(AT, building=""))) == ()
    assert asked(database, lambda r: (r.building_id(AT), r.building_id(replace(AT, building="9")))) == (30, 0)


def test_plates(database: Database, town: Town) -> None:
    scene = asked(database, lambda r: r.scene("g1.BBBB"))
    assert (scene.code, scene.community, scene.micro_grid) == ("BBBB", 10, 12)
    assert (scene.place.label, scene.place.level, scene.place.source) == ("学府花园7幢", "building", "scan")
    assert asked(database, lambda r: r.scene("AAAA")).micro_grid == 0
    assert asked(database, lambda r: r.scene("nothing")) is None


def test_pins(database: Database, town: Town) -> None:
    assert asked(database, lambda r: r.place_at(Pin(30.6003, 120.5))).building == "7"
    assert asked(database, lambda r: r.place_at(Pin(30.6001, 120.5))).building == "3"
    assert asked(database, lambda r: r.place_at(Pin(30.6011, 120.5))) is None
    assert asked(database, lambda r: r.place_at(Pin(30.6, 121.5))) is None


def test_codes_count_by_day(database: Database) -> None:
    day = date(2026, 6, 1)
    assert asked(database, lambda r: [r.ticket_code(day) for _ in range(2)]) == ["202606010001", "202606010002"]
    assert asked(database, lambda r: r.ticket_code(day)) == "202606010003"
    assert asked(database, lambda r: r.ticket_code(date(2026, 6, 2))) == "202606020001"


def test_numbers(database: Database) -> None:
    do(database, opened(1), now=NOW)
    do(database, opened(2, code="202605310001"), opened(3, code="202606010011"), now=at(-60))

    def find(digits: str, community: int = 0) -> list[int]:
        return [t.id for t in asked(database, lambda r: r.tickets_numbered(digits, community))]

    assert find("1") == find("0001") == [1, 2]
    assert find("310001") == find("202605310001") == [2]
    assert find("11") == [3]
    assert find("0001", 7) == find("%") == find("") == find("01a") == []


def test_lists(database: Database) -> None:
    do(
        database,
        opened(1), opened(2, due=at(60)), opened(3, reporter=101, owner=0, status=Status.TO_DISPATCH, due=None),
        opened(4, reporter=101, status=Status.RETURN_ASKED), opened(5, reporter=101, level="T0", status=Status.DONE),
        TicketFollowed(5, 100), TicketFollowed(3, 100), opened(6, status=Status.TO_RATE, level="T1"),
    )  # fmt: skip

    def ids(question: Callable[[Reader], tuple[Ticket, ...]]) -> list[int]:
        return [t.id for t in asked(database, question)]

    assert ids(lambda r: r.reports_of(100)) == [3, 2, 1, 6, 5]  # open ones first
    assert ids(lambda r: r.reports_of(100, 2)) == [3, 2]
    assert asked(database, lambda r: (r.open_count(100), r.open_count(101))) == (2, 2)
    assert ids(lambda r: r.tasks_of(200)) == [2, 1, 4]  # most pressing first
    assert ids(lambda r: r.tasks_of(200, 1)) == [2]
    assert ids(lambda r: r.tasks_of(0)) == []
    do(database, opened(7, community=None, level="T0", status=Status.IN_HAND))
    assert ids(lambda r: r.emergencies_of(100)) == [7]


def test_desk_tasks(database: Database, town: Town) -> None:
    do(
        database,
        opened(1, community=10), opened(2, community=10, owner=0, status=Status.TO_DISPATCH, due=None),
        opened(3, community=10, status=Status.EXTENSION_ASKED), opened(4, owner=0, status=Status.TO_DISPATCH),
        opened(5, community=10, owner=0, status=Status.DONE),
    )  # fmt: skip
    assert [t.id for t in asked(database, lambda r: r.desk_tasks(10))] == [3, 4, 2]


def test_solved_by(database: Database) -> None:
    do(database, *(opened(n) for n in range(1, 6)))
    for n in range(1, 6):
        do(database, TicketSolved(n, 200, "好了"), now=at(n))
    assert [t.id for t in asked(database, lambda r: r.solved_by(200, at(2)))] == [5, 4, 3]
    assert asked(database, lambda r: r.solved_by(201, NOW)) == ()


def test_near(database: Database) -> None:
    gate = Place(estate=5, estate_name="学府花园", spot="北门")
    do(
        database,
        opened(1), opened(2, place=replace(HOME, unit="1")), opened(3, place=replace(HOME, building="7")),
        opened(4, category="0101"), opened(5, place=gate), opened(6, status=Status.DONE),
        opened(7, place=Place(), pin=Pin(30.6, 120.5)), opened(8, place=replace(HOME, estate=6)),
    )  # fmt: skip

    def near(place: Place, pin: Pin | None = None, since: datetime = NOW) -> list[int]:
        return [t.id for t in asked(database, lambda r: r.open_near("0201", place, pin, 30, since))]

    assert near(HOME) == [2, 1]
    assert near(HOME, since=at(1)) == []
    assert near(gate) == [5]
    assert near(replace(gate, spot="南门")) == near(Place(estate=5)) == []
    assert near(Place(), Pin(30.6002, 120.5)) == [7]  # 22 m
    assert near(Place(), Pin(30.6004, 120.5)) == []  # 44 m
    assert near(HOME, Pin(30.6, 120.5)) == [7, 2, 1]


def test_unknown_ticket(database: Database) -> None:
    assert asked(database, lambda r: (r.ticket(9), r.people_of(9), r.urges(9, NOW))) == (None, (), (0, None))


def test_calendar_is_the_published_one_under_the_operators(database: Database) -> None:
    read.forget_calendars()
    calendar = asked(database, lambda r: r.calendar(), now=NOW - timedelta(days=150))
    assert date(2026, 10, 1) in calendar.holidays
    assert date(2026, 2, 14) in calendar.workdays  # 调休
    assert not calendar.works(date(2026, 6, 6))
    with database.writing() as conn:
        conn.execute(insert(holidays).values(day="2026-06-03", works=False, name="停电"))
        conn.execute(insert(holidays).values(day="2026-06-06", works=True, name="补班"))
        conn.execute(insert(holidays).values(day="2026-10-01", works=True, name="值班"))
    assert asked(database, lambda r: r.calendar(), now=NOW - timedelta(days=150)) is calendar  # once a day
    read.forget_calendars()
    calendar = asked(database, lambda r: r.calendar())
    assert [calendar.works(date(2026, *day)) for day in ((6, 3), (6, 6), (10, 1), (6, 7))] == [
        False,
        True,
        True,
        False,
    ]
