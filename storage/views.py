"""Tickets as the console's pages show them; changes nothing, decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from handlers.tickets.categories import name as category_name
from storage.engine import Database
from storage.schema import facts, media, notes, persons, tickets, units
from storage.sight import Sight, tickets_in
from storage.values import place_from

_t = tickets.c


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A ticket in one line. `category` and `place` are names, `owner` (person or unit) "" is the community desk."""

    id: int
    code: str
    status: str
    level: str
    category: str
    place: str
    summary: str
    owner: str
    opened: datetime
    changed: datetime
    due: datetime | None
    result: str
    rating: str
    solved_answer: bool | None
    photos: tuple[str, ...]
    community: int
    category_code: str
    followers: int
    result_photos: tuple[str, ...] = ()  # of what was done
    source: str = ""
    holder: int = 0  # the owner's person id; 0: the desk, or a unit of which nobody has taken it
    micro_grid: int = 0


@dataclass(frozen=True, slots=True)
class Detail:
    """A ticket with all that one page shows. `reporter_*` are "" for an anonymous report."""

    row: BoardRow
    words: str
    urgency: str
    kind: str
    anonymous: bool
    reporter_name: str
    reporter_phone: str
    result_photos: tuple[str, ...]
    accept_by: datetime | None
    accepted: datetime | None
    visited: datetime | None
    solved: datetime | None
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of a ticket's timeline. `body`: the fact's JSON, private fields as digests; `words`: the note's;
    `unit`: name of the unit it is about.
    """

    at: datetime
    kind: str
    via: str
    actor: int
    actor_name: str
    body: dict[str, Any]
    words: str
    id: int = 0
    unit: str = ""


def board(db: Database, sight: Sight | None, limit: int) -> list[BoardRow]:
    """Last changed first. `sight` None: all of them."""
    wanted = select(tickets).where(*tickets_in(sight)).order_by(_t.changed.desc(), _t.id.desc()).limit(limit)
    with db.reading() as conn:
        return board_rows(conn, conn.execute(wanted).mappings().all())


def board_row(db: Database, ticket: int, sight: Sight | None) -> BoardRow | None:
    """One line; None when it does not exist or is out of sight."""
    with db.reading() as conn:
        found = conn.execute(select(tickets).where(_t.id == ticket, *tickets_in(sight))).mappings().all()
        return next(iter(board_rows(conn, found)), None)


def lines(db: Database, ids: Sequence[int], sight: Sight | None) -> list[BoardRow]:
    """These tickets in this order, without those out of sight."""
    wanted = select(tickets).where(_t.id.in_(list(ids)), *tickets_in(sight))
    with db.reading() as conn:
        found = {row.id: row for row in board_rows(conn, conn.execute(wanted).mappings().all())}
    return [found[ticket] for ticket in ids if ticket in found]


def detail(db: Database, ticket: int, sight: Sight | None) -> Detail | None:
    """One ticket; None when it does not exist or is out of sight."""
    with db.reading() as conn:
        found = conn.execute(select(tickets).where(_t.id == ticket, *tickets_in(sight))).mappings().first()
        if found is None:
            return None
        name, phone = ("", "") if found["anonymous"] else _person(conn, found["reporter"])
        return Detail(
            row=board_rows(conn, [found])[0],
            result_photos=_photos(conn, [ticket], "result")[ticket],
            reporter_name=name,
            reporter_phone=phone,
            **{
                same: found[same]
                for same in (
                    "words", "urgency", "kind", "anonymous", "accept_by", "accepted", "visited", "solved", "closed",
                )
            },
        )  # fmt: skip


def timeline(db: Database, ticket: int) -> list[Step]:
    """What happened to a ticket, oldest first. Timers set and cleared are left out, and what was tried and could
    not be done: who had no right to try stays.
    """
    wanted = select(facts).where(
        facts.c.ticket == ticket, facts.c.kind.not_in(["TimerSet", "TimersCleared"])
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(facts.c.id)).all()
        said: dict[tuple[str, datetime, int], str] = {}
        for note in conn.execute(select(notes).where(notes.c.ticket == ticket)):
            said[note.kind, note.at, note.person] = note.words
        names = _names(conn, {row.actor for row in rows})
        bodies = [orjson.loads(row.body) for row in rows]
        of_units = _units(conn, {body.get("unit", 0) for body in bodies})
        return [
            Step(
                row.at, row.kind, row.via, row.actor, names.get(row.actor, ""), body,
                said.get((row.kind[:16], row.at, row.actor), ""), row.id, of_units.get(body.get("unit", 0), ""),
            )
            for row, body in zip(rows, bodies, strict=True)
            if row.kind != "AccessRefused" or body.get("why") == "role"
        ]  # fmt: skip


def ticket_media(db: Database, ticket: int) -> list[tuple[str, str, str]]:
    """(file, kind, of) of what is stored for a ticket; `of` is report or result."""
    wanted = select(media.c.file, media.c.kind, media.c.of).where(media.c.ticket == ticket, media.c.state == "stored")
    with db.reading() as conn:
        return [(row.file, row.kind, row.of) for row in conn.execute(wanted.order_by(media.c.id))]


def counts(db: Database, sight: Sight | None) -> dict[str, int]:
    """Tickets by status (the words of handlers.tickets.rules.Status)."""
    wanted = select(_t.status, func.count()).where(*tickets_in(sight)).group_by(_t.status)
    with db.reading() as conn:
        return {row[0]: row[1] for row in conn.execute(wanted)}


def board_rows(conn: Connection, found: Sequence[Any]) -> list[BoardRow]:
    """Rows of the table as lines of a list, in the same order."""
    ids = [row["id"] for row in found]
    photos, results = _photos(conn, ids, "report"), _photos(conn, ids, "result")
    names = _names(conn, {row["owner"] for row in found})
    of_units = _units(conn, {row["unit"] for row in found})
    same = (
        "id", "code", "status", "level", "summary", "opened", "changed", "due", "rating", "solved_answer",
        "followers",
    )  # fmt: skip
    return [
        BoardRow(
            **{name: row[name] for name in same},
            category=category_name(row["category"]),
            category_code=row["category"],
            place=place_from(row["place"]).label,
            owner=names.get(row["owner"], "") or of_units.get(row["unit"], ""),
            result=row["result"] or "",
            photos=photos[row["id"]],
            result_photos=results[row["id"]],
            community=row["community"] or 0,
            source=row["source"],
            holder=row["owner"],
            micro_grid=row["micro_grid"],
        )
        for row in found
    ]


def _photos(conn: Connection, ids: Sequence[int], of: str) -> dict[int, tuple[str, ...]]:
    wanted = select(media.c.ticket, media.c.file).where(
        media.c.ticket.in_(list(ids)), media.c.state == "stored", media.c.of == of, media.c.kind == "photo"
    )
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in conn.execute(wanted.order_by(media.c.id)):
        found[row.ticket] += (row.file,)
    return found


def _units(conn: Connection, ids: Iterable[int]) -> dict[int, str]:
    wanted = select(units.c.id, units.c.name).where(units.c.id.in_([unit for unit in ids if unit]))
    return {row.id: row.name for row in conn.execute(wanted)}


def _names(conn: Connection, ids: Iterable[int]) -> dict[int, str]:
    wanted = select(persons.c.id, persons.c.name).where(persons.c.id.in_([person for person in ids if person]))
    return {row.id: row.name or "" for row in conn.execute(wanted)}


def _person(conn: Connection, person: int) -> tuple[str, str]:
    row = conn.execute(select(persons.c.name, persons.c.phone).where(persons.c.id == person)).first()
    return (row.name or "", row.phone or "") if row else ("", "")
