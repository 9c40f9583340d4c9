"""Places and residents from files: made, found again, changed with a word, sealed."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import select

from bot.importing.importer import import_file
from storage import people
from storage.engine import Database
from storage.places import load_register
from storage.schema import (
    communities,
    homes,
    households,
    micro_grids,
    persons,
)  # fmt: skip
from tests.importing.street import (
    COMMUNITIES,
    COMMUNITY,
    GRID,
    HOUSEHOLDS,
    NOW,
    PLACES,
    RESIDENTS,
    bring,
    count,
    settle,
    under,
    write_xlsx,
)  # fmt: skip


def test_households_make_estate_buildings_and_units(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    with database.reading() as conn:
        register = load_register(conn)
        floor = conn.execute(select(households.c.floor).where(households.c.room == "302")).scalar_one()
        names = list(conn.execute(select(micro_grids.c.name).order_by(micro_grids.c.code)).scalars())
        codes = people.building_codes(conn, conn.execute(select(communities.c.id)).scalar_one())
    (estate,) = register.estates
    assert (estate.name, estate.road, estate.word, tuple(estate.spots)) == (
        "学府花园", "学府路", "幢", ("北门", "儿童乐园"),
    )  # fmt: skip
    assert {name: dict(b.units) for name, b in estate.buildings.items()} == {
        "3": {"1": frozenset({"101", "102"}), "2": frozenset({"302"})}, "4": {"": frozenset({"201"})},
    }  # fmt: skip
    assert floor == "3"
    assert names == ["学府1-1", "学府二组"]
    assert [(name, building) for name, building, _ in codes] == [("学府花园", "3幢"), ("学府花园", "4幢")]
    assert all(len(scene) == 11 and scene.startswith("g1.") for *_, scene in codes)


def test_changes_are_written_and_blanks_keep_what_is_there(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    moved = under(HOUSEHOLDS, ["学府花园", "4", "", "201", GRID + "01"])
    report = bring(database, tmp_path, "households", moved)
    assert (report.tally["households"].changed, report.tally["estates"].same) == (1, 1)
    renamed = bring(database, tmp_path, "communities", [COMMUNITIES[0], [COMMUNITY, "学府新社区", "", ""]])
    assert renamed.tally["communities"].changed == 1
    with database.reading() as conn:
        row = conn.execute(select(communities)).one()
    assert (row.name, row.street, row.phone) == ("学府新社区", "梧桐街道", "0573-88001234")


def test_residents_are_found_again_by_phone_and_by_household(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES, "residents")
    # 陈国强 had no phone: it is filled in; 王秀英 gets a second home
    more = under(
        RESIDENTS,
        ["陈国强", "13800007777", "学府花园", "4", "", "201", "业主"],
        ["王秀英", "138 0000 8888", "学府花园", "3", "", "101", "房东"],
    )
    report = bring(database, tmp_path, "residents", more)
    assert (report.tally["persons"].added, report.tally["persons"].changed) == (0, 1)
    assert (report.tally["homes"].added, report.tally["homes"].changed) == (1, 1)
    assert count(database, persons) == 2


def test_other_name_or_phone_needs_overwrite(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES, "residents")
    renamed = under(RESIDENTS, ["王秀芳", "13800008888", "学府花园", "3", "2", "302", "业主"])
    (problem,) = bring(database, tmp_path, "residents", renamed).problems
    assert "勾上「以这个文件为准」（命令行加 --overwrite）" in problem.reason and "13800008888" not in problem.line()
    assert bring(database, tmp_path, "residents", renamed, overwrite=True).written
    phoned = under(RESIDENTS, ["王秀芳", "13800006666", "学府花园", "3", "2", "302", "业主"])
    (problem,) = bring(database, tmp_path, "residents", phoned).problems
    assert "另一个手机号" in problem.reason
    assert bring(database, tmp_path, "residents", phoned, overwrite=True).written
    with database.reading() as conn:
        found = conn.execute(select(persons.c.name, persons.c.phone).order_by(persons.c.id)).all()
    assert [tuple(row) for row in found] == [("王秀芳", "13800006666"), ("陈国强", None)]


def test_names_and_phones_are_sealed(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES, "residents", "leaders")
    with database.reading() as conn:
        rows = conn.exec_driver_sql("SELECT name, phone, phone_index FROM persons").all()
        log = conn.exec_driver_sql("SELECT body FROM facts").all()
    stored = repr(rows) + repr(log)
    for word in ("王秀英", "张建国", "13800008888", "13900001111"):
        assert word not in stored


def test_same_estate_in_two_communities_asks_for_the_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    other = "330483001002"
    bring(database, tmp_path, "communities", [COMMUNITIES[0], [other, "枫桦社区"]])
    head = ["社区编码", "小区", "楼栋", "单元", "室号"]
    bring(database, tmp_path, "households", [head, [other, "学府花园", "3", "2", "302"]])
    (problem,) = bring(database, tmp_path, "residents", RESIDENTS[:2]).problems
    assert problem.reason == "几个社区都有这个小区；请填社区编码"
    coded = [["社区编码", *RESIDENTS[0]], [other, *RESIDENTS[1]]]
    assert bring(database, tmp_path, "residents", coded).written
    with database.reading() as conn:
        home = conn.execute(select(households.c.community).join(homes, homes.c.household == households.c.id))
        code = conn.execute(select(communities.c.code).where(communities.c.id == home.scalar_one())).scalar_one()
    assert code == other


def test_a_street_of_3000_households(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "grids")
    head: list[object] = ["小区", "楼栋", "单元", "室号", "微网格编码"]
    rows: list[list[object]] = [
        ["学府花园", building, unit, floor * 100 + door, GRID + "01"]
        for building in range(1, 33) for unit in range(1, 5) for floor in range(1, 7) for door in range(1, 5)
    ][:3000]  # fmt: skip
    path = write_xlsx(tmp_path / "street.xlsx", [head, *rows])
    started = time.perf_counter()
    report = import_file(database, "households", path, NOW)
    print(f"\n3,000 households on {database.dialect}: {time.perf_counter() - started:.2f} s")
    assert report.written and count(database, households) == 3000
