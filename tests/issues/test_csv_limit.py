"""Reading long letters for an evaluation left the program's limit of a csv cell raised: an import took anything."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.evaluating.rows import rows
from bot.importing.sheet import read_sheet
from bot.importing.zipped import FileRefused


def test_an_evaluation_leaves_the_limit_as_it_was(tmp_path: Path) -> None:
    letters, harmful, before = tmp_path / "letters.csv", tmp_path / "harmful.csv", csv.field_size_limit()
    letters.write_text(f"text,label\n{'信' * 200_000},其他\n", encoding="utf-8")
    harmful.write_bytes(b'a,b\n"' + b"x" * 200_000)
    assert len(rows(letters)[0]["text"]) == 200_000
    assert csv.field_size_limit() == before
    with pytest.raises(FileRefused, match="格式不对"):
        read_sheet(harmful)
