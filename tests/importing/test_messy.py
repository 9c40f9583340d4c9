"""Tables as an office keeps them: titles above, cells drawn over rows, one mistake in every row."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from bot.importing import records
from bot.importing.cells import Bad, code, day
from bot.importing.kinds import KINDS
from bot.importing.records import Problem, headed
from bot.importing.sheet import Sheet, read_sheet
from bot.importing.zipped import FileRefused
from tests.importing.street import write_csv

GRIDS = KINDS["grids"]
CODE = "330483001001001"


def drawn(path: Path) -> Sheet:
    """A title over the table, who filled it in, and two micro-grids beside one grid's cell."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "学府社区网格一览表")
        sheet.write_row(1, 0, ["填表人", "王芳"])
        sheet.write_row(2, 0, ["网格编码", "网格名称", "微网格编码", "微网格名称"])
        sheet.merge_range("A4:A5", CODE)
        sheet.merge_range("B4:B5", "第1网格")
        for row in (3, 4):
            sheet.write_row(row, 2, [f"{CODE}0{row - 2}", f"学府1-{row - 2}"])
        sheet.write_row(6, 0, [CODE[:-1] + "2", "第2网格"])
    return read_sheet(path)


def test_the_headings_stand_below_a_title_and_a_drawn_cell_in_each_of_its_rows(tmp_path: Path) -> None:
    table = headed(drawn(tmp_path / "grids.xlsx"), GRIDS)
    checked = records.check(table, GRIDS)
    assert not checked.problems
    assert [(one.row, one["grid"][-1], one["micro"][-2:]) for one in checked.records] == [
        (4, "1", "01"), (5, "1", "02"), (7, "2", ""),
    ]  # fmt: skip
    assert headed(table, GRIDS) == table


def test_where_no_row_has_the_headings_it_says_what_stands_there(tmp_path: Path) -> None:
    table = read_sheet(write_csv(tmp_path / "a.csv", [["地址", "户主"], ["3幢302", "张三"]]))
    with pytest.raises(FileRefused, match=r"缺少列：小区、楼栋、室号（第一行是 地址、户主）"):
        headed(table, KINDS["households"])


def test_a_page_of_the_web_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("\ufeff\n<html><table><tr><td>小区</td></tr></table></html>", encoding="utf-8")
    with pytest.raises(FileRefused, match="其实是网页"):
        read_sheet(tmp_path / "a.xls")


def test_what_keeps_a_number_text_is_no_part_of_it() -> None:
    assert code(15)(f"'{CODE}") == CODE
    with pytest.raises(Bad):
        code(15)(f"{CODE}'")


@pytest.mark.parametrize("written", ["20270206", "2027/2/6", "２０２７．２．６", "2027年2月6日"])
def test_a_day_however_it_is_written(written: str) -> None:
    assert day(written) == "2027-02-06"


def test_the_same_mistake_is_said_once() -> None:
    alike = [Problem(row, "社区编码", "330483001009", "没有这个社区") for row in (2, 3, 4, 7)]
    said = records.lines([alike[0], Problem(2, "室号", "", "没有填"), *alike[1:]])
    assert said == ["第2–4、7行 社区编码「330483001009」：没有这个社区", "第2行 室号：没有填"]
    assert records.lines(Problem(2 * n, "室号", "", "没有填") for n in range(1, 21)) == [
        "第2、4、6、8、10、12等20行 室号：没有填"
    ]
