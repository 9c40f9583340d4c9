"""A table file as rows of text: xlsx or csv in; knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine

from bot.importing.zipped import FileRefused, check_archive
from bot.troubles import of_file

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 500_000
LOST_DIGITS = "\ufffd"  # stands in a cell whose digits the spreadsheet has already lost
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")
_ROUNDED = re.compile(r"[+-]?\d(\.\d+)?[eE]\+?\d+")
MARK = "导出说明："  # begins the line under an exported table that says who took it, when and why
_GUARDED = re.compile("^'(?=\\s*[=+\\-@\t\r＝＋－＠])")  # what the export puts before a cell, see tables_out.py


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows`: (number as the spreadsheet shows it, cells as text), without empty rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def without(sheet: Sheet, numbers: Set[int]) -> Sheet:
    """The table but for some of its rows."""
    return Sheet(sheet.headings, tuple(row for row in sheet.rows if row[0] not in numbers))


def read_sheet(path: Path) -> Sheet:
    """The first sheet of an xlsx file or a csv file. Raises FileRefused in words for the operator."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise FileRefused(f"{path.name} 不是文件。")
        if size > MAX_BYTES:
            raise FileRefused(f"文件太大（{size // 1024 // 1024} MB），最多 50 MB。请拆成几个文件。")
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"读不了文件 {path.name}：没有这个文件，看看路径和名字。") from None
    except OSError as error:
        raise FileRefused(f"读不了文件 {path.name}：{of_file(error)}。") from None
    if not data.strip():
        raise FileRefused("文件是空的。")
    if data[:4] == b"PK\x03\x04":
        cells = _xlsx(data)
    elif data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise FileRefused("这其实是网页或 XML，不是表格。请在表格软件里打开，另存为 .xlsx。")
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        raise FileRefused("这是旧版 .xls 或加了密码的文件。请在表格软件里另存为不加密的 .xlsx。")
    else:
        cells = _csv(data)
    return _table(cells)


def _table(cells: Iterable[tuple[int, list[str]]]) -> Sheet:
    filled = ((number, row) for number, row in cells if any(row))
    first = next(filled, None)
    if first is None:
        raise FileRefused("文件里没有内容。")
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, row in filled:
        if row[0].startswith(MARK):
            continue
        rows.append((number, tuple(row)))
        if len(rows) > MAX_ROWS:
            raise FileRefused(f"超过 {MAX_ROWS:,} 行。请拆成几个文件。")
    return Sheet(tuple(first[1]), tuple(rows))


def _xlsx(data: bytes) -> Iterable[tuple[int, list[str]]]:
    check_archive(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        rows = _unmerged(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ())
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        raise FileRefused("打不开这个 xlsx 文件，可能已损坏。请用表格软件重新保存一次。") from error
    return ((number, [text_of(value) for value in row]) for number, row in enumerate(rows, start=1))


def _unmerged(rows: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> list[list[Any]]:
    """A cell that is drawn over several rows stands in each of them, as who reads the table sees it."""
    left = sum(map(len, rows))  # however many ranges a file names, no more work than it has cells
    for (top, column), (bottom, _) in merged:
        for below in rows[top + 1 : min(bottom + 1, top + 1 + left)]:
            if column < len(below):
                below[column] = rows[top][column]
        left -= max(min(bottom, len(rows)) - top, 0)
        if left <= 0:
            break
    return rows


def text_of(value: object) -> str:
    """A cell as text: 5.0 → "5", a date → "2026-10-01"; numbers beyond 15 digits are marked as lost."""
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case float() if abs(value) >= 1e15:
            return LOST_DIGITS
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time() | timedelta():
            return str(value)
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """Without invisible characters and outer blanks; line breaks become one blank."""
    text = _INVISIBLE.sub("", _GUARDED.sub("", text))
    return re.sub(r"\s+", " ", text).strip()


def _csv(data: bytes) -> Iterable[tuple[int, list[str]]]:
    text = _decode(data)
    if "\x00" in text:
        raise FileRefused("这不是 csv 或 xlsx 文件。")
    head = text[: text.find("\n") if "\n" in text else None]
    delimiter = max(",\t;", key=head.count)
    # the dialect writes numbers of 12 digits and more as 3.3E+11 when saved from a number cell
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, [_csv_cell(cell) for cell in row]
    except csv.Error as error:
        raise FileRefused(f"第 {reader.line_num} 行读不下去：格式不对（引号没有成对，或一格太长）。") from error


def _csv_cell(cell: str) -> str:
    cell = clean(cell)
    return LOST_DIGITS if _ROUNDED.fullmatch(cell) else cell


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("认不出文字编码。请存成 xlsx，或 UTF-8、GB18030 编码的 csv。")


def half_width(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return unicodedata.normalize("NFKC", text)
