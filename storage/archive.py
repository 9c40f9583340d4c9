"""Old records leave the table for a file: the oldest end of the chain, checked before it goes; the rest is whole."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import delete, select

from storage import chain
from storage.chain import LINKED, ChainBroken
from storage.columns import iso
from storage.engine import Database
from storage.schema import facts

YEARS = 3  # what is younger stays: reports keep their person as long (storage/upkeep.py)
SLICE = 2000  # rows of one transaction: messages are answered in between


class NotArchived(Exception):
    """`str(error)` says why; nothing was taken away."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: the records after `first` up to `last`. It goes on from the hash `before` and leads to `end`."""

    first: int
    last: int
    before: str
    end: str
    until: datetime | None = None  # when its last record was written

    @property
    def records(self) -> int:
        return self.last - self.first


def write(db: Database, file: Path, before: datetime, now: datetime) -> Piece:
    """The sealed records written before `before`, from the oldest on, into a new file; nothing is deleted yet.

    Raises NotArchived: too young, the file is there, nothing to archive; ChainBroken when the chain is.
    """
    if before > now - timedelta(days=365 * YEARS):
        raise NotArchived(f"不满{YEARS}年的记录不归档")
    if file.exists():
        raise NotArchived(f"{file} 已经有了")
    chain.verify(db)
    draft = file.with_name(file.name + ".part")
    with db.reading() as conn:
        start = chain.start(conn)
    place, end, until = start.position, start.hash, None
    raw = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(raw, "wb") as out, gzip.GzipFile(fileobj=out, mode="wb", filename="") as packed:
        packed.write(orjson.dumps({"jushe": "facts", "after": start.position, "before": start.hash}) + b"\n")
        for row in _old(db, start.position, before):
            place, end, until = row.position, row.hash, row.at
            kept = {name: getattr(row, name) for name in ("id", "turn", "actor", "via", "kind", "ticket", "body")}
            packed.write(orjson.dumps({**kept, "at": iso(row.at), "hash": row.hash}) + b"\n")
        packed.write(orjson.dumps({"last": place, "end": end}) + b"\n")
        packed.flush()
        out.flush()
        os.fsync(out.fileno())
    if place == start.position:
        draft.unlink()
        raise NotArchived(f"{before:%Y-%m-%d} 以前没有记录了")
    if read(draft) != (whole := Piece(start.position, place, start.hash, end)):
        raise NotArchived("写出的文件和数据库里的不一样")
    draft.replace(file)
    return Piece(whole.first, whole.last, whole.before, whole.end, until)


def take_away(db: Database, piece: Piece) -> Iterator[int]:
    """Delete what is in the file, a slice at a time; the chain is whole at every moment. Gives the rows of each."""
    while True:
        with db.writing() as conn:
            at = chain.start(conn)
            upto = min(piece.last, at.position + SLICE)
            if upto <= at.position:
                break
            last = conn.execute(select(facts.c.hash, facts.c.at).where(facts.c.position == upto)).one()
            gone = conn.execute(delete(facts).where(facts.c.position <= upto)).rowcount
            chain.begin_after(conn, chain.Begins(upto, last.hash, last.at))
        yield gone


def read(file: Path) -> Piece:
    """A file checked from its first record to its last. Raises ChainBroken, OSError, ValueError for another file."""
    with gzip.open(file, "rb") as lines:
        head = orjson.loads(next(lines, b"{}"))
        if head.get("jushe") != "facts":
            raise ValueError(f"{file} 不是记录的归档")
        place, before = int(head["after"]), str(head["before"])
        end, first = before, place
        for line in lines:
            row = orjson.loads(line)
            if "last" in row:
                if (row["last"], row["end"]) != (place, end):
                    raise ChainBroken(place, 0)
                return Piece(first, place, before, end)
            place += 1
            end = chain.link(end, _Row(row))
            if end != row["hash"]:
                raise ChainBroken(place, row["id"])
    raise ValueError(f"{file} 没有写完")


def fits(db: Database, pieces: list[Piece]) -> bool:
    """Whether the files follow one another, and the database goes on where the last one ends."""
    with db.reading() as conn:
        at = chain.start(conn)
    ordered = sorted(pieces, key=lambda piece: piece.first)
    place, before = 0, chain.START
    for piece in ordered:
        if (piece.first, piece.before) != (place, before):
            return False
        place, before = piece.last, piece.end
    return (place, before) == (at.position, at.hash)


def _old(db: Database, after: int, before: datetime) -> Iterator[Any]:
    columns = [facts.c[name] for name in (*LINKED, "position", "hash")]
    while True:
        with db.reading() as conn:
            page = conn.execute(
                select(*columns).where(facts.c.position > after).order_by(facts.c.position).limit(SLICE)
            ).all()
        for row in page:
            if row.at >= before:
                return
            yield row
            after = row.position
        if not page:
            return


class _Row:
    """A line of the file as chain.link reads a row."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)
        self.at = datetime.fromisoformat(row["at"])
