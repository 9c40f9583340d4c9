"""Rows of a csv file by the names of its columns."""

from __future__ import annotations

import csv
from pathlib import Path


def rows(path: Path) -> list[dict[str, str]]:
    """Raises OSError; ValueError for a file that is not csv with a heading."""
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        found = list(reader)
    if not reader.fieldnames or not found:
        raise ValueError(f"{path.name} 里没有内容。")
    return found
