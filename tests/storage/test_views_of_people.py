"""What the console shows of grids, homes, units, settings and messages, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from handlers.tickets.facts import TicketAccepted
from handlers.types import Role
from nlp.types import Place
from storage import (
    audit,
    duty,
    people,
    view_blocks,
    view_changes,
    view_gaps,
    view_homes,
    view_messages,
    view_people,
    view_settings,
    view_units,
)  # fmt: skip
from storage.engine import Database
from storage.ids import new_id
from storage.outgoing import body
from storage.schema import allowances, duty_hours, leaves, limits, outbox, tokens, unit_areas, units
from storage.view_messages import Asked
from tests.storage.kit import NOW, do, opened
from tests.storage.town import Town, build

TODAY = date(2026, 6, 1)


@pytest.fixture
def town(database: Database) -> Town:
    town = build(database)
    with database.writing() as conn:
        who = people.add_person(conn, "王秀英", "13800001234", town.community, now=NOW)
        people.add_home(conn, who, town.households["302"], now=NOW)
        conn.execute(insert(leaves).values(id=1, person=town.leader, first="2026-06-01", last="2026-06-03"))
    return town


def test_grids_and_who_answers(database: Database, town: Town) -> None:
    (grid,) = view_people.overview(database, (town.community,), TODAY)
    (micro,) = grid.micros
    assert (grid.worker and grid.worker.name, grid.households, micro.households) == ("李网", 4, 4)
    assert micro.leader and (micro.leader.name, micro.leader.away, micro.leader.joined) == (
        "陈立",
        "2026-06-03",
        False,
    )
    assert view_people.overview(database, (99,), TODAY) == []
    place = Place(community=town.community, estate=town.estate, building="3", unit="2")
    assert [m.id for m in view_people.cover(database, place, (town.community,), TODAY)] == [town.micro_grid]
    assert view_people.cover(database, place, (99,), TODAY) == []
    assert view_people.grid(database, town.grid, (99,), TODAY) is None
    found = view_people.micro(database, town.micro_grid, (town.community,), TODAY)
    assert found and [(one.label, one.households) for one in found[1]] == [("学府花园3幢", 3), ("学府花园7幢", 1)]
    assert view_people.micro(database, town.micro_grid, (99,), TODAY) is None
    (three, seven) = view_people.buildings_of(database, town.estate, (town.community,))
    assert (three.households, set(three.micros), seven.micros) == (4, {"", "学府1-3"}, ("学府1-3",))
    assert view_people.estate_names(database, (town.community,)) == [(5, "学府花园", "学府社区", 2)]


def test_homes_blocks_and_plates(database: Database, town: Town) -> None:
    ids = (town.community,)
    page = view_homes.building(database, town.building, ids)
    assert page and [(h.unit, h.room, len(h.dwellers)) for h in page.houses] == [
        ("1", "101", 0), ("2", "301", 0), ("2", "302", 1), ("2", "402", 0),
    ]  # fmt: skip
    assert view_homes.building(database, town.building, (99,)) is None
    assert [one.label for one in view_homes.with_phone(database, "13800001234", ids)] == ["学府花园3幢2单元302室"]
    assert view_homes.with_phone(database, "13800001234", (99,)) == []
    plates = [("学府花园3幢", "AAAA"), ("学府花园7幢", "BBBB")]
    assert view_homes.plates(database, town.estate, ids) == ("学府社区", plates)
    assert view_homes.plates(database, town.estate, (99,)) is None
    whole = view_blocks.blocks(database, town.grid, ids, 30)
    assert [(b.label, b.unit, b.floor, len(b.houses)) for b in whole] == [
        ("学府花园3幢", "1", "", 1), ("学府花园3幢", "2", "", 3), ("学府花园7幢", "", "", 1),
    ]  # fmt: skip
    assert len(view_blocks.blocks(database, town.grid, ids, 2)) == 4, "a large unit by its floors"
    assert view_blocks.blocks(database, town.grid, (99,), 30) == []
    assert view_blocks.house_labels(database, [61]) == {61: "学府花园3幢2单元302室"}
    assert view_changes.planned(database, ids) == []


def test_gaps(database: Database, town: Town) -> None:
    ids = (town.community,)
    assert [(one.label, one.households, one.micro) for one in view_gaps.uncovered(database, ids)] == [
        ("学府花园3幢", 1, "")
    ]
    for number in (1, 2):
        do(database, opened(new_id(), code=f"20260601000{number}", community=town.community, owner=town.leader))
    rows = {one.role: one for one in view_gaps.leaders(database, ids, NOW - timedelta(days=9999))}
    assert (rows["leader"].sent, rows["leader"].taken, rows["deputy"].sent) == (2, 0, 0)
    ticket = new_id()
    do(database, opened(ticket, code="202606010009", community=town.community, owner=town.deputy))
    do(database, TicketAccepted(ticket, town.deputy))
    rows = {one.role: one for one in view_gaps.leaders(database, ids, NOW - timedelta(days=9999))}
    assert (rows["deputy"].sent, rows["deputy"].taken) == (1, 1)
    with database.writing() as conn:
        people.end_post(conn, town.leader, Role.LEADER, town.micro_grid, now=NOW)
    assert sum(one.households for one in view_gaps.uncovered(database, ids)) == 5


def test_units_and_settings(database: Database, town: Town) -> None:
    with database.writing() as conn:
        conn.execute(insert(units).values(id=70, code="WY", name="学府物业", kind="WY", phone=""))
        conn.execute(insert(unit_areas).values(id=71, unit=70, scope="estate", place=town.estate, street=""))
        people.add_post(conn, town.grid_worker, Role.MEMBER, 70, now=NOW)
        conn.execute(insert(limits).values(community=0, of="T2", clock="整体", terms="960w"))
        conn.execute(insert(limits).values(community=10, of="0201", clock="整体", terms="480w"))
        conn.execute(insert(duty_hours).values(community=10, day="weekend", begin="09:00", end="11:00"))
        audit.note(
            conn, "SettingChanged", {"what": "limits", "key": "0/T2/整体", "before": "", "after": "2天"}, NOW,
            via="console", actor=town.desk,
        )  # fmt: skip
    (unit,) = view_units.listed(database)
    assert ([a.label for a in unit.areas], [(m.name, m.open) for m in unit.members]) == (["学府花园"], [("李网", 0)])
    do(database, opened(1, community=town.community, owner=town.grid_worker, unit=70))
    with database.writing() as conn, pytest.raises(view_units.InHand, match="还有1件"):
        view_units.end_member(conn, 70, town.grid_worker, NOW)
    with database.writing() as conn:
        assert view_units.end_member(conn, 70, 1, NOW) == ""
        assert view_units.end_area(conn, 70, 71) == "学府花园" and view_units.end_area(conn, 70, 71) == ""
        assert duty.clear(conn, 10, "weekend") == "09:00–11:00" and duty.clear(conn, 10, "weekend") == ""
    table = view_settings.all_limits(database, 10)
    assert (table["T2"]["整体"][0].minutes, table["T2"]["整体"][1], table["0201"]["整体"][1]) == (960, "city", "own")
    assert [(one.by, one.after) for one in view_settings.history(database, ("limits",))] == [("王社", "2天")]
    assert view_settings.history(database, ("hours",)) == []
    assert len(view_settings.all_categories(database)) == 91
    assert next(day.day for day in view_settings.year(database, 2026) if day.kind == "work") == date(2026, 1, 4)
    assert view_settings.duty(database, 10)["work"][1] == ""


def test_messages_and_accounts(database: Database, town: Town) -> None:
    with database.writing() as conn:
        stranger = people.add_person(conn, "外人", "", 0, now=NOW)
        for person, state, code in (
            (town.leader, "failed", "45015"), (town.leader, "sent", None), (stranger, "failed", ""),
        ):  # fmt: skip
            conn.execute(
                insert(outbox).values(
                    id=new_id(), person=person, kind="task", rank=2, state=state, code=code, created=NOW, next_at=NOW,
                    body=body("您好"),
                )
            )  # fmt: skip
        conn.execute(insert(tokens).values(name="wechat:wx1", token="secret", expires=NOW + timedelta(hours=1)))
        conn.execute(insert(allowances).values(id=new_id(), account="wecom:1", user="u", at=NOW - timedelta(hours=2)))
    late = NOW + timedelta(days=9999)
    asked = Asked(state="failed", days=30_000)
    assert len(view_messages.found(database, asked, None, late, 9)) == 2
    (mine,) = view_messages.found(database, asked, (town.community,), late, 9)
    assert (mine.name, mine.text, mine.code) == ("陈立", "您好", "45015")
    assert view_messages.tally(database, (town.community,), late, 30_000) == [("failed", "45015", 1), ("sent", "", 1)]
    ids = [one.id for one in view_messages.found(database, Asked(days=30_000), None, late, 9)]
    assert view_messages.resend(database, ids, (99,), NOW) == 0
    assert view_messages.resend(database, ids, (town.community,), NOW) == 1
    assert view_messages.resend(database, ids, None, NOW) == 1
    (token,) = view_messages.account_tokens(database)
    assert token.name == "wechat:wx1" and not hasattr(token, "token")
    assert view_messages.taken(database, NOW) == [("wecom:1", 0, 1)]
