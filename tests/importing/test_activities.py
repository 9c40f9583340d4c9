"""Activities come in from a table and go out again; hours and the insurer's list are masked without a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importing.activities_out import HOURS_HEADINGS
from bot.importing.exporter import export_file
from bot.importing.importer import import_file
from bot.importing.kinds import KINDS
from bot.importing.sheet import read_sheet
from bot.importing.template import write_template
from handlers.activities.facts import SeatsTaken
from handlers.activities.facts_hours import HoursRecorded, HoursReversed
from storage.engine import Database
from storage.schema import activities, persons, stations
from tests.importing.street import COMMUNITY, NOW, settle, write_csv
from tests.storage.kit import do

HEAD = [column.title for column in KINDS["activities"].columns]
ROW = {
    "社区编码": COMMUNITY, "活动名称": "清洁家园", "类别": "环境清洁", "内容": "清理楼道杂物",
    "开始": "2026-06-06 09:00",
    "结束": "2026/6/6 11:00", "地点": "北门", "人数": "清扫15人、指挥5人", "条件": "身体健康", "有没有危险": "否",
    "风险和保障": "发手套", "保险": "社区统一投保", "可以带孩子": "是", "每周重复": "是",
    "纬度": "30.63", "经度": "120.56",
}  # fmt: skip


def bring(db: Database, folder: Path, *rows: dict[str, str]):  # type: ignore[no-untyped-def]
    path = write_csv(folder / "activities.csv", [HEAD, *([row.get(title, "") for title in HEAD] for row in rows)])
    return import_file(db, "activities", path, NOW)


def test_in_and_out_and_in_again(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "staff")
    assert bring(database, tmp_path, ROW).tally["activities"].added == 1
    with database.reading() as conn:
        found = conn.execute(select(activities)).one()
        posts = conn.execute(select(stations.c.name, stations.c.seats).order_by(stations.c.id)).all()
    assert (found.number, found.name, found.children, found.weekly, found.danger) == (
        1,
        "清洁家园",
        True,
        True,
        False,
    )
    assert [tuple(post) for post in posts] == [("清扫", 15), ("指挥", 5)]
    out = tmp_path / "out.xlsx"
    assert export_file(database, "activities", out, NOW) == 1
    again = import_file(database, "activities", out, NOW)
    assert again.written and (again.tally["activities"].added, again.tally["activities"].same) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"有没有危险": "是"}, "保单号", "先买保险"),
        ({"结束": "2026-06-06 08:00"}, "结束", "开始之后"),
        ({"开始": "下周六"}, "开始", "2026-06-06 09:00"),
        ({"人数": "很多"}, "人数", "20人"),
        ({"类别": "抢险救灾"}, "可以带孩子", "未成年人"),
        ({"社区编码": "330483001099"}, "社区编码", "没有这个社区"),
        ({"手机号": "13500009999"}, "手机号", "工作人员"),
        ({"保险": ""}, "保险", ""),
    ],
)
def test_a_bad_row_is_named_and_nothing_written(
    database: Database, tmp_path: Path, changes: dict[str, str], column: str, reason: str
) -> None:
    settle(database, tmp_path, "communities", "staff")
    report = bring(database, tmp_path, ROW, {**ROW, "活动名称": "护学岗", **changes})
    assert not report.written
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, column)]
    assert reason in report.problems[0].reason
    with database.reading() as conn:
        assert conn.execute(select(activities)).all() == []


def test_the_template_can_be_imported(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "staff")
    path = tmp_path / "template.xlsx"
    write_template("activities", path)
    assert import_file(database, "activities", path, NOW).written


def test_hours_and_insured_are_masked(database: Database, tmp_path: Path) -> None:
    settle(database, tmp_path, "communities", "staff")
    bring(database, tmp_path, ROW)
    with database.reading() as conn:
        found = conn.execute(select(activities)).one()
        post = conn.execute(select(stations.c.id)).scalars().first()
        person = conn.execute(select(persons.c.id)).scalars().first()
    assert post and person
    do(
        database,
        SeatsTaken(1, found.id, post, person, 2, "seated", '[["老公",0,false]]'),
        HoursRecorded(10, person, 1, found.id, 3, 100, "2026-06-06", 900),
        HoursReversed(11, 10, person, 1, found.id, 3, 100, "2026-06-06", 900),
        HoursRecorded(12, person, 1, found.id, 4, 120, "2026-06-06", 900, round=1),
    )  # fmt: skip
    for unmasked, name, phone in ((False, "周*", "137****3333"), (True, "周敏", "13700003333")):
        reason = "交给保险公司投保" if unmasked else ""
        path = tmp_path / f"hours-{unmasked}.csv"
        assert export_file(database, "service_hours", path, NOW, unmasked=unmasked, reason=reason) == 3
        rows = [dict(zip(HOURS_HEADINGS, cells, strict=True)) for _, cells in read_sheet(path).rows]
        assert {row["姓名"] for row in rows} == {name}
        assert [row["服务时间（小时）"] for row in rows] == ["1.5", "-1.5", "2"]
        path = tmp_path / f"insured-{unmasked}.csv"
        assert export_file(database, "insurance", path, NOW, unmasked=unmasked, reason=reason) == 1
        assert {name, phone, "老公", "2"} <= set(read_sheet(path).rows[0][1])
