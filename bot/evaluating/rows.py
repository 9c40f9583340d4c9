"""Rows of a csv file by the names of its columns."""

from __future__ import annotations

import csv
from pathlib import Path

_LONGEST = 10_000_000  # characters in a cell: whole letters stand in one


def rows(path: Path) -> list[dict[str, str]]:
    """Raises OSError; ValueError for a file that is not csv with a heading."""
    before = csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = list(reader)
    finally:
        csv.field_size_limit(before)  # the limit is the whole program's, and an import keeps to the usual one
    if not reader.fieldnames or not found:
        raise ValueError(f"{path.name} 里没有内容。")
    return found
