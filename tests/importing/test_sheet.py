"""Reading files: encodings, spreadsheet numbers, and files made to do harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.importing import sheet, zipped
from bot.importing.sheet import LOST_DIGITS, read_sheet
from bot.importing.zipped import FileRefused
from tests.importing.street import write_csv, write_xlsx

ROWS = [["姓名", "室号"], ["王秀英", "302"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_encodings(tmp_path: Path, encoding: str) -> None:
    found = read_sheet(write_csv(tmp_path / "a.csv", ROWS, encoding))
    assert found.headings == ("姓名", "室号")
    assert found.rows == ((2, ("王秀英", "302")),)


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"姓名{delimiter}室号\n王秀英{delimiter}302\n", encoding="utf-8")
    assert read_sheet(path).rows == ((2, ("王秀英", "302")),)


def test_xlsx_numbers_dates_and_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, [["a", "b"], [5, 13800008888], [], [" 三\u200b ", 30.5], [33048300100100101, True]])
    assert read_sheet(path).rows == (
        (2, ("5", "13800008888")), (4, ("三", "30.5")), (5, (LOST_DIGITS, "是")),
    )  # fmt: skip


def test_dates_become_days() -> None:
    assert sheet.text_of(date(2026, 10, 1)) == "2026-10-01"


def test_number_that_a_spreadsheet_rounded_in_csv(tmp_path: Path) -> None:
    assert read_sheet(write_csv(tmp_path / "a.csv", [["a"], ["3.30483E+16"]])).rows[0][1] == (LOST_DIGITS,)


def test_guard_of_the_export_is_taken_off(tmp_path: Path) -> None:
    assert read_sheet(write_csv(tmp_path / "a.csv", [["a", "b"], ["'-1", "'tis"]])).rows[0][1] == ("-1", "'tis")


def _zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def _far_cell(tmp_path: Path, cell: str) -> bytes:
    path = write_xlsx(tmp_path / "far.xlsx", [["a"], ["b"]])
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="A2"', f'r="{cell}"'.encode()))
    return made.getvalue()


def _lying_zip() -> bytes:
    """Declares a small size for a member that is large."""
    data = bytearray(_zip(a=b"0" * 100_000))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


HARMFUL = [
    ("empty", lambda _: b"", "空的"),
    ("blanks only", lambda _: b" \n , \n", "没有内容|空的"),
    ("old xls", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "另存为"),
    ("no table at all", lambda _: bytes(range(256)) * 40, "编码|csv 或 xlsx"),
    ("binary zeros", lambda _: b"a,b\n\x00,1\n", "csv 或 xlsx"),
    ("broken zip", lambda _: b"PK\x03\x04" + b"0" * 300, "打不开"),
    ("zip without a workbook", lambda _: _zip(a=b"hello"), "打不开"),
    ("size that lies", lambda _: _lying_zip(), "打不开"),
    ("many members", lambda _: _zip(**{f"m{n}": b"" for n in range(1_001)}), "太多"),
    ("far column", lambda path: _far_cell(path, "XFD2"), "52 列"),
    ("far row", lambda path: _far_cell(path, "A1048576"), "50 万行"),
    ("quote without end", lambda _: b'a,b\n"' + b"x" * 200_000, "格式不对"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "why"), [case[1:] for case in HARMFUL], ids=[case[0] for case in HARMFUL])
def test_harmful_files_are_refused(tmp_path: Path, make: object, why: str) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(make(tmp_path))  # type: ignore[operator]
    with pytest.raises(FileRefused, match=why):
        read_sheet(path)


def test_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_UNPACKED", 1_000_000)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(_zip(a=b"0" * 2_000_000))
    with pytest.raises(FileRefused, match="太大"):
        read_sheet(path)


def test_size_and_row_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "a.csv", [["a"], ["1"], ["2"], ["3"]])
    monkeypatch.setattr(sheet, "MAX_ROWS", 2)
    with pytest.raises(FileRefused, match="超过 2 行"):
        read_sheet(path)
    monkeypatch.setattr(sheet, "MAX_BYTES", 5)
    with pytest.raises(FileRefused, match="太大"):
        read_sheet(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="读不了"):
        read_sheet(tmp_path / "none.xlsx")
