"""Keeps the index of tickets up with what happened; a job does it, so that no message waits for it.

It reads the sealed facts in their order. What stands in the index only narrows a search: what is shown is compared
with the tickets as they are (storage/search.py), so that an old entry shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from nlp.pairs import pairs, plain
from storage import bits, crypto
from storage.engine import Database
from storage.schema import facts, meta, notes, persons, search_docs, search_grams, tickets
from storage.values import place_from

_READ_UP_TO = "search_read"
_STEP = 300  # facts of one transaction
_CHUNK = 500  # values of one IN
_NOT_SHOWN = ("HangAsked", "EndAsked", "NoteKept")  # between staff: not for everybody who sees the ticket


@dataclass(frozen=True, slots=True)
class Text:
    """What a ticket is found by. `words`: plain text; `ending`: the reporter's last four digits, "" when hidden."""

    words: str
    ending: str
    community: int


def forget(db: Database) -> None:
    """Begin anew: after the secret key was changed, nothing of the old index may be needed."""
    with db.writing() as conn:
        conn.execute(delete(search_grams))
        conn.execute(delete(search_docs))
        conn.execute(delete(meta).where(meta.c.name == _READ_UP_TO))


def texts(conn: Connection, ids: Sequence[int]) -> dict[int, Text]:
    """Tickets by id as they are found; what does not exist is left out."""
    t, found = tickets.c, {}
    said: dict[int, list[str]] = defaultdict(list)
    for part in _chunks(ids):
        wanted = select(notes.c.ticket, notes.c.words).where(
            notes.c.ticket.in_(part), notes.c.kind.not_in(_NOT_SHOWN)
        )
        for ticket, words in conn.execute(wanted):
            said[ticket].append(words)
    for part in _chunks(ids):
        columns = (t.id, t.words, t.summary, t.result, t.place, t.community, t.anonymous, persons.c.phone)
        rows = conn.execute(select(*columns).outerjoin(persons, persons.c.id == t.reporter).where(t.id.in_(part)))
        for id_, words, summary, result, place, community, anonymous, phone in rows:
            all_ = (words, summary, result or "", place_from(place).label, *said[id_])
            ending = (phone or "")[-4:] if not anonymous else ""
            found[id_] = Text(" ".join(filter(None, map(plain, all_))), ending, community or 0)
    return found


def marks(text: Text) -> set[int]:
    """The blind marks of a ticket: its pairs of characters, the end of the phone, the community."""
    one = crypto.current().marks
    found = {one(gram)[0] for gram in pairs(text.words)}
    found.add(one(of_community(text.community))[0])
    if len(text.ending) == 4:
        found.add(one(of_ending(text.ending))[0])
    return found


def of_ending(digits: str) -> str:
    return f"phone {digits}"


def of_community(community: int) -> str:
    return f"community {community}"


def add(conn: Connection, found: Mapping[int, Text]) -> None:
    """Put tickets in; those that are there keep their place."""
    places = _places(conn, sorted(found))
    wanted: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))  # block → mark → places
    for ticket, text in found.items():
        block, place = divmod(places[ticket], bits.SIZE)
        for mark in marks(text):
            wanted[block][mark].add(place)
    for block, by_mark in wanted.items():
        _merge(conn, block, by_mark)


def step(db: Database) -> int | None:
    """Index the tickets of the next facts; how many. None when nothing was left, or another process did it."""
    with db.reading() as conn:
        before = _read_up_to(conn)
        wanted = select(facts.c.position, facts.c.ticket).where(facts.c.position > before)
        rows = conn.execute(wanted.order_by(facts.c.position).limit(_STEP)).all()
        if not rows:
            return None
        ids = sorted({row.ticket for row in rows} - {0})
        found = texts(conn, ids)
    with db.writing() as conn:
        if not _moved(conn, before, rows[-1].position):
            return None
        add(conn, found)
    return len(found)


def _read_up_to(conn: Connection) -> int:
    return int(conn.execute(select(meta.c.value).where(meta.c.name == _READ_UP_TO)).scalar() or b"0")


def _moved(conn: Connection, before: int, to: int) -> bool:
    """Whether this process is the one that goes on from `before`: the row is its lock until the commit."""
    value = str(to).encode()
    if not before:
        made = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(meta)
        return bool(conn.execute(made.values(name=_READ_UP_TO, value=value).on_conflict_do_nothing()).rowcount)
    same = (meta.c.name == _READ_UP_TO, meta.c.value == str(before).encode())
    return bool(conn.execute(update(meta).where(*same).values(value=value)).rowcount)


def _places(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in _chunks(ids):
        rows = conn.execute(select(search_docs.c.ticket, search_docs.c.place).where(search_docs.c.ticket.in_(part)))
        found.update((row.ticket, row.place) for row in rows)
    free = int(conn.execute(select(func.coalesce(func.max(search_docs.c.place), -1))).scalar_one()) + 1
    new = [ticket for ticket in ids if ticket not in found]
    if new:
        rows_ = [{"place": place, "ticket": ticket} for place, ticket in enumerate(new, free)]
        conn.execute(insert(search_docs), rows_)
        found.update((row["ticket"], row["place"]) for row in rows_)
    return found


def _merge(conn: Connection, block: int, by_mark: Mapping[int, set[int]]) -> None:
    g = search_grams.c
    for part in _chunks(sorted(by_mark)):
        there = conn.execute(select(g.gram, g.bits).where(g.gram.in_(part), g.block == block))
        for mark, data in there:
            by_mark[mark].update(bits.places(data))
    made = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(search_grams)
    rows: list[dict[str, Any]] = [
        {"gram": mark, "block": block, "bits": bits.pack(places)} for mark, places in sorted(by_mark.items())
    ]
    conn.execute(
        made.on_conflict_do_update(index_elements=["gram", "block"], set_={"bits": made.excluded.bits}), rows
    )


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    all_ = list(ids)
    return (all_[at : at + _CHUNK] for at in range(0, len(all_), _CHUNK))
