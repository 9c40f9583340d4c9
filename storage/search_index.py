"""Keeps the index of tickets up with what happened; a job does it, so that no message waits for it.

It reads the sealed facts in their order. What stands in the index only narrows a search: what is shown is compared
with the tickets as they are (storage/search.py), so that an old entry shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select
from sqlalchemy import Text as Words
from sqlalchemy.dialects import postgresql, sqlite

from nlp.pairs import pairs, plain
from storage import bits, crypto, marker
from storage.engine import Database
from storage.marker import statements
from storage.schema import facts, meta, notes, persons, search_docs, search_grams, tickets
from storage.sql import Prepared, among, each, given, listed
from storage.transaction import Transaction
from storage.values import place_from

_READ_UP_TO = "search_read"
_STEP = 500  # facts of one transaction
_NOT_SHOWN = ("HangAsked", "EndAsked", "NoteKept")  # between staff: not for everybody who sees the ticket

_t, _d, _g = tickets.c, search_docs.c, search_grams.c
_NOTES = Prepared(
    each(
        lambda dialect: select(notes.c.ticket, notes.c.words).where(
            among(dialect, notes.c.ticket), *(notes.c.kind != kind for kind in _NOT_SHOWN)
        )
    )
)
_SHOWN = (_t.id, _t.words, _t.summary, _t.result, _t.place, _t.community, _t.anonymous, persons.c.phone)
_TEXTS = Prepared(
    each(lambda dialect: select(*_SHOWN).outerjoin(persons, persons.c.id == _t.reporter).where(among(dialect, _t.id)))
)
_NEXT = Prepared(
    select(facts.c.position, facts.c.ticket)
    .where(facts.c.position > bindparam("after"))
    .order_by(facts.c.position)
    .limit(bindparam("limit"))
)
_PLACES = Prepared(each(lambda dialect: select(_d.ticket, _d.place).where(among(dialect, _d.ticket))))
_FREE = Prepared(select(func.coalesce(func.max(_d.place), -1) + 1))
_PLACED = Prepared(search_docs.insert().values(place=bindparam("place"), ticket=bindparam("ticket")), log=True)
_SETS = Prepared(
    each(
        lambda dialect: select(_g.gram, _g.bits).where(
            among(dialect, _g.gram, "grams"), _g.block == bindparam("block")
        )
    )
)


def _set(dialect: str) -> Any:
    """One set on SQLite; on PostgreSQL many in one bind, because rows one by one cost the driver most."""
    block = bindparam("block", type_=_g.block.type)
    if dialect == "postgresql":
        _, (gram, data) = given(dialect, "sets", BigInteger(), Words())
        sets = select(gram, block, func.decode(data, "hex"))
        made: Any = postgresql.insert(search_grams).from_select(["gram", "block", "bits"], sets)
    else:
        made = sqlite.insert(search_grams).values(gram=bindparam("gram"), block=block, bits=bindparam("bits"))
    return made.on_conflict_do_update(index_elements=["gram", "block"], set_={"bits": made.excluded.bits})


_SET = Prepared(each(_set))
_place = lru_cache(maxsize=4096)(plain)  # one of many tickets


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
    tx = statements(conn)
    wanted = listed(ids)
    said: dict[int, list[str]] = defaultdict(list)
    for ticket, words in tx.rows(_NOTES, ids=wanted):
        said[ticket].append(words)
    found = {}
    for id_, words, summary, result, place, community, anonymous, phone in tx.rows(_TEXTS, ids=wanted):
        all_ = (plain(words), plain(summary), plain(result or ""), _place(place_from(place).label))
        ending = (phone or "")[-4:] if not anonymous else ""
        whole = " ".join(filter(None, (*all_, *map(plain, said.get(id_, ())))))
        found[id_] = Text(whole, ending, community or 0)
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
    tx = statements(conn)
    places = _places(tx, sorted(found))
    wanted: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))  # block → mark → places
    for ticket, text in found.items():
        block, place = divmod(places[ticket], bits.SIZE)
        for mark in marks(text):
            wanted[block][mark].add(place)
    for block, by_mark in wanted.items():
        _merge(tx, conn.dialect.name, block, by_mark)
    tx.flush()


def step(db: Database) -> int | None:
    """Index the tickets of the next facts; how many. None when nothing was left, or another process did it."""
    with db.reading() as conn:
        tx = statements(conn)
        before = marker.read(tx, _READ_UP_TO)
        rows = tx.rows(_NEXT, after=int(before or b"0"), limit=_STEP)
        if not rows:
            return None
        found = texts(conn, sorted({ticket for _, ticket in rows} - {0}))
    with db.writing() as conn:
        if not marker.move(statements(conn), _READ_UP_TO, before, str(rows[-1][0]).encode()):
            return None
        add(conn, found)
    return len(found)


def _places(tx: Transaction, ids: Sequence[int]) -> dict[int, int]:
    found = dict(tx.rows(_PLACES, ids=listed(ids)))
    new = [ticket for ticket in ids if ticket not in found]
    if new:
        (free,) = tx.one(_FREE)
        for place, ticket in enumerate(new, free):
            tx.write(_PLACED, place=place, ticket=ticket)
            found[ticket] = place
    return found


def _merge(tx: Transaction, dialect: str, block: int, by_mark: Mapping[int, set[int]]) -> None:
    """Sets that hold the places already are left as they are."""
    there = {gram: bytes(data) for gram, data in tx.rows(_SETS, grams=listed(by_mark), block=block)}
    sets = []
    for mark, places in sorted(by_mark.items()):
        before = there.get(mark, b"")
        if (data := bits.added(before, places)) != before:
            sets.append((mark, data))
    if dialect == "postgresql":
        if sets:
            tx.write(_SET, sets=orjson.dumps([(mark, data.hex()) for mark, data in sets]).decode(), block=block)
        return
    for mark, data in sets:
        tx.write(_SET, gram=mark, block=block, bits=data)
