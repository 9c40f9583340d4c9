"""The operator's tables of time: what comes in counts, what goes out can come in again, mistakes are named."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.importing.exporter import export_file
from bot.importing.importer import Report, import_file
from bot.importing.plan_clocks import terms_of
from handlers.tickets.limits import DEFAULTS, Clock, Limit
from storage.engine import Database
from storage.land import add_community
from storage.read import forget_calendars
from tests.importing.street import COMMUNITY
from tests.storage.kit import NOW, asked


def bring(database: Database, tmp_path: Path, kind: str, *rows: str) -> Report:
    path = tmp_path / "in.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    forget_calendars()
    return import_file(database, kind, path, NOW)


@pytest.fixture
def community(database: Database) -> int:
    with database.writing() as conn:
        return add_community(conn, COMMUNITY, "学府社区")


HEAD = "社区编码,类别,环节,时限,计时,计量"


def test_limits(database: Database, tmp_path: Path, community: int) -> None:
    report = bring(
        database, tmp_path, "limits", HEAD, ",T2,整体,2个工作日,工作时,", f"{COMMUNITY},0101,整体,1天,自然日,单次",
        ",t3,处置,8小时,工作时间,累计",
    )  # fmt: skip
    assert report.tally["limits"].added == 3, report.problems
    city, own = (asked(database, lambda r, c=c: r.limits(c)) for c in (0, community))
    assert city.of(Clock.WHOLE, "T2", "0101") == Limit(960, True)
    assert own.of(Clock.WHOLE, "T2", "0101") == Limit(1440, False)
    assert city.of(Clock.HANDLE, "T3") == Limit(480, True, cumulative=True)
    again = bring(database, tmp_path, "limits", HEAD, ",T2,整体,3天,工作时间,", ",T3,处置,默认,工作时间,")
    assert (again.tally["limits"].changed, again.tally["limits"].ended) == (1, 1)
    city = asked(database, lambda r: r.limits(0))
    assert (city.of(Clock.WHOLE, "T2"), city.of(Clock.HANDLE, "T3")) == (Limit(1440, True), None)


@pytest.mark.parametrize("kind", ["limits", "hours", "holidays"])
def test_what_goes_out_comes_in_again_and_changes_nothing(database: Database, tmp_path: Path, kind: str) -> None:
    with database.writing() as conn:
        add_community(conn, COMMUNITY, "学府社区")
    bring(database, tmp_path, "limits", HEAD, f"{COMMUNITY},T2,整体,90分钟,自然时间,累计")
    bring(database, tmp_path, "hours", "社区编码,日子,开始,结束", f"{COMMUNITY},周末,9:00,11:00")
    bring(database, tmp_path, "holidays", "日期,类型", "2026-06-02,放假")
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    count = export_file(database, kind, first, NOW)
    report = import_file(database, kind, first, NOW)
    assert (report.written, report.rows) == (True, count), report.problems
    forget_calendars()
    assert export_file(database, kind, second, NOW) == count
    assert first.read_bytes() == second.read_bytes()
    assert asked(database, lambda r: r.limits(0)).rows == DEFAULTS


def test_hours(database: Database, tmp_path: Path, community: int) -> None:
    head = "社区编码,日子,开始,结束"
    bring(
        database, tmp_path, "hours", head, ",工作日,9:00,12:00", ",工作日,13:30,17:30", f"{COMMUNITY},周末,9:00,11:00"
    )
    mine, others = (asked(database, lambda r, c=c: r.calendar(c)) for c in (community, 0))
    assert mine.periods == others.periods == ((time(9), time(12)), (time(13, 30), time(17, 30)))
    assert (mine.weekend, others.weekend) == (((time(9), time(11)),), ())
    again = bring(database, tmp_path, "hours", head, ",工作日,8:00,16:00")
    assert again.tally["duty_hours"].changed == 1
    assert asked(database, lambda r: r.calendar(0)).periods == ((time(8), time(16)),)


@pytest.mark.parametrize(
    ("kind", "row", "column", "reason"),
    [
        ("limits", ",T9,整体,3天,工作时间,", "类别", "没有这个等级"),
        ("limits", ",T2,整体,三天,工作时间,", "时限", "应是时长"),
        ("limits", ",T2,整体,0.5分钟,自然时间,", "时限", "整分钟"),
        ("limits", ",T2,全部,3天,工作时间,", "环节", "应是 整体"),
        ("limits", "330483009009,T2,整体,3天,工作时间,", "社区编码", "没有这个社区"),
        ("hours", ",工作日,12:00,9:00", "结束", "晚于开始"),
        ("hours", ",工作日,25:00,26:00", "开始", "应是时刻"),
    ],
)
def test_mistakes(database: Database, tmp_path: Path, kind: str, row: str, column: str, reason: str) -> None:
    head = HEAD if kind == "limits" else "社区编码,日子,开始,结束"
    report = bring(database, tmp_path, kind, head, row)
    assert not report.written
    assert any(p.column == column and reason in p.reason for p in report.problems), report.problems


def test_overlapping_hours_are_named(database: Database, tmp_path: Path) -> None:
    report = bring(database, tmp_path, "hours", "日子,开始,结束", "工作日,9:00,12:00", "工作日,11:00,15:00")
    assert "重叠" in report.problems[0].reason


def test_units_of_time() -> None:
    assert [terms_of(*given) for given in (("1.5小时", "n", ""), ("0.5天", "w", "c"), ("3天", "n", ""))] == [
        "90n", "240wc", "4320n",
    ]  # fmt: skip
