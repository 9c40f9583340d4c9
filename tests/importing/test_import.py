"""Imports: bad rows named and nothing written, good ones whole, twice the same as once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.importer import Handout, import_file
from bot.importing.kinds import KINDS
from bot.importing.template import write_template
from bot.importing.zipped import FileRefused
from handlers.types import Sender
from storage import people
from storage.engine import Database
from storage.places import load_register, version
from storage.schema import (
    buildings,
    claims,
    communities,
    estates,
    facts,
    grids,
    holidays,
    homes,
    households,
    logins,
    micro_grids,
    persons,
    posts,
)  # fmt: skip
from tests.importing.street import (
    ALL,
    COMMUNITIES,
    COMMUNITY,
    GRID,
    GRIDS,
    HOUSEHOLDS,
    LEADERS,
    NOW,
    RESIDENTS,
    STAFF,
    Cells,
    bring,
    count,
    settle,
    write_xlsx,
)  # fmt: skip

PLACES = ("communities", "grids", "households")


def _rows(head: Cells, *rows: list[str]) -> Cells:
    return [head[0], *rows]


HEADINGS = {kind: rows[0] for kind, rows in ALL.items()} | {"holidays": ["日期", "类型", "名称"]}


def _bad_rows() -> Iterator[tuple[str, Cells, str]]:
    """(kind, table, line of the report) of every block of bad_rows.txt."""
    text = Path(__file__).with_name("bad_rows.txt").read_text(encoding="utf-8")
    text = text.replace("{G}", GRID).replace("{C}", COMMUNITY)
    for block in re.split(r"\n\n+", text.strip()):
        kind, *rows = [line for line in block.split("\n") if not line.startswith(("#", "=>"))] or [""]
        if kind:
            (line,) = (line[3:] for line in block.split("\n") if line.startswith("=> "))
            yield kind, [HEADINGS[kind], *(row.split(",") for row in rows)], line


BAD_ROWS = list(_bad_rows())


@pytest.mark.parametrize(("kind", "rows", "line"), BAD_ROWS, ids=[f"{c[0]}{n}" for n, c in enumerate(BAD_ROWS)])
def test_bad_rows_are_named_and_nothing_is_written(
    database: Database, tmp_path: Path, kind: str, rows: Cells, line: str
) -> None:
    settle(database, tmp_path, *PLACES[: PLACES.index(kind)] if kind in PLACES else PLACES)
    tables = (communities, grids, micro_grids, estates, buildings, households, persons, homes, posts, logins, facts)
    before = [count(database, table) for table in (*tables, holidays, claims)]
    report = bring(database, tmp_path, kind, rows)
    assert line in [problem.line() for problem in report.problems]
    assert not report.written
    assert [count(database, table) for table in (*tables, holidays, claims)] == before


@pytest.mark.parametrize("kind", list(ALL))
def test_dry_run_says_what_would_change_and_writes_nothing(database: Database, tmp_path: Path, kind: str) -> None:
    needed = list(ALL)[: list(ALL).index(kind)]
    settle(database, tmp_path, *needed)
    before = count(database, facts)
    dry = bring(database, tmp_path, kind, ALL[kind], dry_run=True)
    assert not dry.written and not dry.problems and not dry.handouts
    assert count(database, facts) == before
    real = bring(database, tmp_path, kind, ALL[kind])
    assert real.written
    assert {name: tally.added for name, tally in real.tally.items()} == {
        name: tally.added for name, tally in dry.tally.items()
    }


def test_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *ALL)
    with database.reading() as conn:
        places = version(conn)
    before = count(database, facts)
    for kind, rows in ALL.items():
        report = bring(database, tmp_path, kind, rows)
        assert report.written and not report.handouts, kind
        assert [tally.touched for tally in report.tally.values()] == [0] * len(report.tally), (kind, report.tally)
    assert count(database, facts) == before
    with database.reading() as conn:
        assert version(conn) == places


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
    moved = _rows(HOUSEHOLDS, ["学府花园", "4", "", "201", GRID + "01"])
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
    more = _rows(
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
    renamed = _rows(RESIDENTS, ["王秀芳", "13800008888", "学府花园", "3", "2", "302", "业主"])
    (problem,) = bring(database, tmp_path, "residents", renamed).problems
    assert "--overwrite" in problem.reason and "13800008888" not in problem.line()
    assert bring(database, tmp_path, "residents", renamed, overwrite=True).written
    phoned = _rows(RESIDENTS, ["王秀芳", "13800006666", "学府花园", "3", "2", "302", "业主"])
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


def test_new_leader_takes_over_and_gets_a_code(database: Database, tmp_path: Path) -> None:
    given: list[tuple[Handout, ...]] = []
    settle(database, tmp_path, *PLACES)
    first = bring(database, tmp_path, "leaders", LEADERS, hand_out=given.append)
    assert [(h.name, h.post, h.place) for h in first.handouts] == [
        ("张建国", "微网格长", "学府社区 学府1-1"), ("李桂芳", "副微网格长", "学府社区 学府1-1"),
    ]  # fmt: skip
    assert given == [first.handouts]
    next_one = _rows(LEADERS, ["赵志明", "13900005555", GRID + "01", "微网格长"])
    report = bring(database, tmp_path, "leaders", next_one)
    assert (report.tally["posts"].added, report.tally["posts"].ended) == (1, 1)
    with database.reading() as conn:
        held = conn.execute(
            select(persons.c.name).join(posts, posts.c.person == persons.c.id).where(posts.c.until.is_(None))
        )
        assert sorted(held.scalars()) == ["李桂芳", "赵志明"]
        stored = conn.execute(select(claims.c.code_hash)).scalars().all()
    assert people.claim_hash(report.handouts[0].code) in stored
    assert report.handouts[0].code not in stored


def test_who_has_joined_already_needs_no_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES, "residents")
    with database.writing() as conn:
        person = conn.execute(select(homes.c.person).where(homes.c.relation == "owner")).scalar_one()
        people.link_identity(conn, person, Sender("webchat", "-", "wang"), NOW)
    promoted = _rows(LEADERS, ["王秀英", "13800008888", GRID + "02", "微网格长"])
    (handout,) = bring(database, tmp_path, "leaders", promoted).handouts
    assert handout.code == ""
    assert count(database, claims) == 0


def test_when_the_codes_cannot_be_written_nothing_is_imported(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)

    def full_disk(_: tuple[Handout, ...]) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        bring(database, tmp_path, "leaders", LEADERS, hand_out=full_disk)
    assert (count(database, posts), count(database, claims)) == (0, 0)


def test_grid_worker_has_a_grid(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    report = bring(database, tmp_path, "leaders", _rows(LEADERS, ["孙国平", "13900009999", GRID, "专职网格员"]))
    assert [(h.post, h.place) for h in report.handouts] == [("专职网格员", "学府社区 第1网格")]


def test_staff_get_post_login_and_code(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities")
    (handout,) = bring(database, tmp_path, "staff", STAFF).handouts
    assert handout.login == "zhoumin" and len(handout.password) >= 12 and len(handout.code) == 8
    assert handout.expires == NOW + timedelta(days=7)
    with database.reading() as conn:
        assert conn.execute(select(logins.c.password)).scalar_one().startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_holidays(database: Database, tmp_path: Path) -> None:
    rows = [["日期", "类型", "名称"], ["2026-10-10", "上班", "调休"], ["2026/10/1", "放假", "国庆节"]]
    assert bring(database, tmp_path, "holidays", rows).tally["holidays"].added == 2
    rows[1][1] = "放假"
    again = bring(database, tmp_path, "holidays", rows).tally["holidays"]
    assert (again.added, again.changed, again.same) == (0, 1, 1)
    with database.reading() as conn:
        assert conn.execute(select(holidays.c.works).where(holidays.c.day == "2026-10-10")).scalar_one() is False


def test_headings_by_other_names_and_unknown_ones(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, *PLACES)
    head = ["居民姓名 *", "手机号码(11位)", "小区名称", "幢号", "单元号", "房号", "关系", "身份证号"]
    report = bring(database, tmp_path, "residents", [head, [*RESIDENTS[1], "330483195201010000"]])
    assert report.written and report.ignored == ("身份证号",)


def test_missing_and_double_columns(database: Database, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"缺少列：社区名称.*--template communities"):
        bring(database, tmp_path, "communities", [["社区编码"], [COMMUNITY]])
    with pytest.raises(FileRefused, match="请只留一列"):
        bring(database, tmp_path, "communities", [["社区编码", "编码", "社区名称"], [COMMUNITY, COMMUNITY, "学府"]])


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_templates_can_be_imported(database: Database, tmp_path: Path, kind: str, ending: str) -> None:
    """The example rows fit together; only phones are left for the operator to fill in."""
    for name in ("communities", "grids", "households", kind):
        write_template(name, tmp_path / f"{name}-{kind}.{ending}")
        if name == "grids":
            bring(database, tmp_path, "grids", [GRIDS[0], [GRID, "", GRID + "03", ""]])
        report = import_file(database, name, tmp_path / f"{name}-{kind}.{ending}", NOW)
        assert {p.column for p in report.problems} <= {"手机号"}, report.problems
        (tmp_path / f"{name}-{kind}.{ending}").unlink()


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
