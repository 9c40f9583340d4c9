"""Writes a table as xlsx or csv that no spreadsheet takes for formulas; knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from bot.troubles import of_file

# what a spreadsheet reads as the start of a formula, in half and full width (reliability.md T7)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CELL_MAX = 32_000  # characters a cell can hold


class CannotWrite(Exception):
    """The file cannot be written; the text says why."""


def safe(value: str) -> str:
    """A cell that stays text: an apostrophe before what looks like a formula, no illegal characters."""
    value = _ILLEGAL.sub("", value)[:_CELL_MAX]
    # a blank before the sign does not stop every spreadsheet, nor does a line break
    starts = value.lstrip(" \n\u3000\u00a0\ufeff\u200b")
    if starts.startswith(_FORMULA) or value.startswith(_FORMULA):
        return "'" + value
    return value


def write_table(
    path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]], *, replace: bool = False,
    private: bool = False, notes: Sequence[str] = (), mark: str = "",
) -> int:  # fmt: skip
    """xlsx or csv by the file's ending; returns the rows written. `private`: readable by the owner only.
    `mark`: a line under the table.

    An existing file is kept unless `replace`. What fails half-way leaves no file. `notes` become a second sheet.
    Raises CannotWrite.
    """
    kind = path.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise CannotWrite("文件名要以 .xlsx 或 .csv 结尾。")
    if path.exists() and not replace:
        raise CannotWrite(f"{path.name} 已经存在。请换个文件名。")
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        # made beforehand with the right mode, so that nobody can read it while it grows
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o644))
        tail = [[mark]] if mark else []
        both = itertools.chain(rows, tail)
        count = _xlsx(draft, headings, both, notes) if kind == ".xlsx" else _csv(draft, headings, both)
        draft.replace(path)
    except OSError as error:
        raise CannotWrite(f"写不了 {path.name}：{of_file(error)}。") from None
    finally:
        draft.unlink(missing_ok=True)
    return count - len(tail)


def _xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]], notes: Sequence[str]) -> int:
    whole = io.BytesIO()  # packed, so not large; a disk that is full is met in one place, by us
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(whole, options) as book:
        text = book.add_format({"num_format": "@"})  # long codes stay text when somebody edits them
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheet = book.add_worksheet("数据")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18, text)
        count = 0
        for index, heading in enumerate(headings):
            sheet.write_string(0, index, safe(heading), bold)
        for count, row in enumerate(rows, start=1):
            for index, value in enumerate(row):
                if value:
                    sheet.write_string(count, index, safe(value), text)
        if notes:
            about = book.add_worksheet("说明")
            about.set_column(0, 0, 100)
            for index, note in enumerate(notes):
                about.write_string(index, 0, safe(note))
    path.write_bytes(whole.getvalue())
    return count


def _csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([safe(heading) for heading in headings])
        count = 0
        for row in rows:
            writer.writerow([safe(value) for value in row])
            count += 1
    return count
