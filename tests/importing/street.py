"""A small street for the tests: tables to import and the shortest way to do it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from sqlalchemy import Table, func, select

from bot.importing.importer import Report, import_file
from storage.engine import Database

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
COMMUNITY = "330483001001"
GRID = COMMUNITY + "001"

COMMUNITIES = [["社区编码", "社区名称", "街道", "值班电话"], [COMMUNITY, "学府社区", "梧桐街道", "0573-88001234"]]
GRIDS = [
    ["网格编码", "网格名称", "微网格编码", "微网格名称"],
    [GRID, "", GRID + "01", ""],
    [GRID, "第1网格", GRID + "02", "学府二组"],
]
HOUSEHOLDS = [
    ["小区", "楼栋", "单元", "室号", "微网格编码", "道路", "公共点位", "纬度", "经度"],
    ["学府花园", "3幢", "1", "101", GRID + "01", "学府路", "北门、儿童乐园", "30.63", "120.56"],
    ["学府花园", "3幢", "2单元", "302室", GRID + "01", "", "", "", ""],
    ["学府花园", "03", "1", "102", GRID + "01", "", "", "", ""],
    ["学府花园", "4", "", "201", GRID + "02", "", "", "", ""],
]
RESIDENTS = [
    ["姓名", "手机号", "小区", "楼栋", "单元", "室号", "与房屋关系"],
    ["王秀英", "13800008888", "学府花园", "3", "2", "302", "业主"],
    ["陈国强", "", "学府花园", "4", "", "201", "租户"],
]
LEADERS = [
    ["姓名", "手机号", "微网格编码", "岗位"],
    ["张建国", "13900001111", GRID + "01", "微网格长"],
    ["李桂芳", "13900002222", GRID + "01", "副微网格长"],
]
STAFF = [["姓名", "手机号", "社区编码", "登录名"], ["周敏", "13700003333", COMMUNITY, "zhoumin"]]
ALL = {
    "communities": COMMUNITIES, "grids": GRIDS, "households": HOUSEHOLDS, "residents": RESIDENTS, "leaders": LEADERS,
    "staff": STAFF,
}  # fmt: skip

Cells = list[list[str]]
PLACES = ("communities", "grids", "households")


def write_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                sheet.write(number, index, value)
    return path


def bring(db: Database, folder: Path, kind: str, rows: Cells, **options: object) -> Report:
    """Import rows through a csv file."""
    return import_file(db, kind, write_csv(folder / f"{kind}.csv", rows), NOW, **options)  # type: ignore[arg-type]


def settle(db: Database, folder: Path, *kinds: str) -> None:
    """Import the small street, up to the kinds named."""
    for kind in kinds:
        report = bring(db, folder, kind, ALL[kind])
        assert report.written, report.problems


def count(db: Database, table: Table) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def under(head: Cells, *rows: list[str]) -> Cells:
    """Rows under the headings of another table."""
    return [head[0], *rows]
