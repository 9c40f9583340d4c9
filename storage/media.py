"""Photos and voices that are still to be fetched, and files to be removed; not how either is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import literal_column, or_, select, text, update

from storage.engine import Database
from storage.schema import activity_photos, media
from storage.schema.tickets import NOT_REMOVED


@dataclass(frozen=True, slots=True)
class MediaRow:
    id: int
    ref: str
    kind: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored photo or voice of a ticket. `of`: report or result; `covered`: part of it was made unreadable."""

    id: int
    file: str
    kind: str
    of: str
    covered: bool
    original: str


def shown(db: Database, ticket: int) -> list[Shown]:
    """What is stored for a ticket, oldest first."""
    columns = (media.c.id, media.c.file, media.c.kind, media.c.of, media.c.original)
    wanted = select(*columns).where(media.c.ticket == ticket, media.c.state == "stored").order_by(media.c.id)
    with db.reading() as conn:
        return [
            Shown(row.id, row.file, row.kind, row.of, row.original is not None, row.original or row.file)
            for row in conn.execute(wanted)
        ]


def wanted(db: Database, now: datetime, limit: int) -> list[MediaRow]:
    """To be fetched now, the longest waiting first."""
    due = select(media.c.id, media.c.ref, media.c.kind, media.c.attempts).where(
        media.c.state == literal_column("'wanted'"), media.c.next_at <= now
    )
    with db.reading() as conn:
        return [MediaRow(*row) for row in conn.execute(due.order_by(media.c.next_at).limit(limit))]


def stored(db: Database, id: int, file: str) -> bool:  # noqa: A002 - the name of the column
    """False when it was erased meanwhile: the caller removes the file again."""
    return _settle(db, id, state="stored", file=file, next_at=None)


def later(db: Database, id: int, at: datetime) -> None:  # noqa: A002 - the name of the column
    _settle(db, id, next_at=at, attempts=media.c.attempts + 1)


def lost(db: Database, id: int) -> None:  # noqa: A002 - the name of the column
    """The platform does not have it any more (three days) or it was tried too often."""
    _settle(db, id, state="lost", next_at=None, attempts=media.c.attempts + 1)


def erased(db: Database, limit: int = 100) -> list[tuple[int, str]]:
    """(id, file) of stored files whose person or ticket was erased: to be removed from the disk, originals too."""
    gone = select(media.c.id, media.c.file, media.c.original).where(text(NOT_REMOVED)).limit(limit)
    with db.reading() as conn:
        rows = conn.execute(gone).all()
    return [(row.id, file) for row in rows for file in (row.file, row.original) if file]


def removed(db: Database, id: int) -> None:  # noqa: A002 - the name of the column
    """The file of an erased medium is off the disk."""
    with db.writing() as conn:
        conn.execute(
            update(media).where(media.c.id == id, media.c.state == "erased").values(file=None, original=None)
        )


def _settle(db: Database, id: int, **values: Any) -> bool:  # noqa: A002 - the name of the column
    waiting = (media.c.id == id, media.c.state == literal_column("'wanted'"))
    with db.writing() as conn:
        return conn.execute(update(media).where(*waiting).values(**values)).rowcount > 0


def in_use(db: Database, files: Collection[str]) -> set[str]:
    """Those of at most 500 `files` that a ticket or activity still shows; one photo sent twice is one file."""
    names = list(files)
    wanted = select(media.c.file, media.c.original).where(
        or_(media.c.file.in_(names), media.c.original.in_(names)), media.c.state == "stored"
    )
    shown = select(activity_photos.c.file).where(
        activity_photos.c.file.in_(names), activity_photos.c.removed.is_(None)
    )
    with db.reading() as conn:
        kept = {name for row in conn.execute(wanted) for name in row if name in names}
        return kept | set(conn.execute(shown).scalars())
