"""How stored photos look, so that one sent again is known (domain.md §5.4); not the photos themselves."""

from __future__ import annotations

from sqlalchemy import insert, select

from storage.engine import Database
from storage.schema import photo_marks

PARTS = 4  # of 16 bits each: two pictures that differ in at most three bits share at least one part


def add(db: Database, file: str, mark: int) -> None:
    """`mark`: 64 bits of a stored file. The same file again changes nothing."""
    text = f"{mark:016x}"
    rows = [{"file": file, "part": part, "bits": mark >> 16 * part & 0xFFFF, "mark": text} for part in range(PARTS)]
    with db.writing() as conn:
        if conn.execute(select(photo_marks.c.file).where(photo_marks.c.file == file).limit(1)).first() is None:
            conn.execute(insert(photo_marks), rows)
