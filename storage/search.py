"""Tickets by words, number, the end of a phone and place: newest first, only what somebody may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from nlp.pairs import pairs, terms
from storage import bits, crypto, search_index
from storage.engine import Database
from storage.people import phone_indexes
from storage.schema import persons, search_docs, search_grams, tickets
from storage.search_index import Text, of_community, of_ending
from storage.sight import Sight, tickets_in

_BLOCKS = 64  # read at once, the newest first
_LOOK = 100  # candidates compared at once
_LOOKS = 20  # then it is enough: a query that fits thousands and few of them really wants another word
_SCOPED = 8  # communities up to which the index itself leaves out the others
_t = tickets.c


@dataclass(frozen=True, slots=True)
class Found:
    """`ids` in the order to show. `more`: there are others. `too_short`: nothing that can be looked for."""

    ids: tuple[int, ...] = ()
    more: bool = False
    too_short: bool = False


def find(db: Database, query: str, sight: Sight | None, limit: int = 50) -> Found:
    """Every word of the query must be in a ticket's words, place, result or notes, or be its number or the end of
    its reporter's phone. Blocks.
    """
    wanted = terms(query)
    if not wanted:
        return Found(too_short=True)
    if sight is not None and not sight.communities:
        return Found()
    with db.reading() as conn:
        found = _numbered(conn, wanted, sight)
        for candidates in _candidates(conn, wanted, sight):
            found += [ticket for ticket in _compared(conn, candidates, wanted, sight) if ticket not in found]
            if len(found) > limit:
                break
    return Found(tuple(found[:limit]), len(found) > limit)


def _numbered(conn: Connection, wanted: Sequence[str], sight: Sight | None) -> list[int]:
    """The whole query is a number: of a ticket (whole or its end), or a whole phone."""
    if len(wanted) != 1 or not (wanted[0].isascii() and wanted[0].isdecimal()):
        return []
    number = wanted[0]
    ways: list[ColumnElement[bool]] = []
    if len(number) == 4:
        ways = [_t.tail == number]
    elif 12 <= len(number) <= 16:
        ways = [_t.code == number]
    elif 6 <= len(number) <= 11:
        same = select(persons.c.id).where(persons.c.phone_index.in_(phone_indexes(number)))
        ways = [_t.reporter.in_(same) & ~_t.anonymous]
    if not ways:
        return []
    rows = conn.execute(select(_t.id).where(*ways, *tickets_in(sight)).order_by(_t.id.desc()).limit(_LOOK))
    return list(rows.scalars())


def _candidates(conn: Connection, wanted: Sequence[str], sight: Sight | None) -> Iterator[list[int]]:
    """Tickets that the index says may fit, the newest places first, `_LOOK` at a time."""
    needed = [_ways(term) for term in wanted]
    groups: list[tuple[int, ...]] = [ways for term in needed for ways in term]
    if sight is not None and len(sight.communities) <= _SCOPED:
        groups.append(tuple(m for c in (0, *sight.communities) for m in _marks(of_community(c))))
    asked, looked = sorted({mark for group in groups for mark in group}), 0
    last = int(conn.execute(select(func.max(search_docs.c.place))).scalar() or 0) // bits.SIZE
    waiting: list[int] = []
    for top in range(last, -1, -_BLOCKS):
        g = search_grams.c
        rows = conn.execute(
            select(g.gram, g.block, g.bits).where(g.gram.in_(asked), g.block <= top, g.block > top - _BLOCKS)
        )
        blocks: dict[int, dict[int, bytes]] = {}
        for gram, block, data in rows:
            blocks.setdefault(block, {})[gram] = data
        for block in sorted(blocks, reverse=True):
            fits = _all(groups, blocks[block])
            for place in bits.falling(fits):
                waiting.append(block * bits.SIZE + place)
                if len(waiting) == _LOOK:
                    yield _tickets(conn, waiting)
                    waiting, looked = [], looked + 1
                    if looked == _LOOKS:
                        return
    if waiting:
        yield _tickets(conn, waiting)


def _ways(term: str) -> list[tuple[int, ...]]:
    """Marks of a word, each with those under earlier keys; four digits may also end a phone, so that one set holds
    only what is either."""
    each = [_marks(pair) for pair in sorted(pairs(term))]
    if len(term) == 4 and term.isascii() and term.isdecimal():
        return [(*pair, *_marks(of_ending(term))) for pair in each]
    return each


def _marks(text: str) -> tuple[int, ...]:
    return crypto.current().marks(text)


def _all(groups: Sequence[tuple[int, ...]], data: dict[int, bytes]) -> int:
    """Places in a block that have one mark of every group; what is cheap to see is seen first."""
    if any(not any(mark in data for mark in group) for group in groups):
        return 0
    fits = -1
    for group in sorted(groups, key=lambda group: sum(len(data.get(mark, b"")) for mark in group)):
        either = 0
        for mark in group:
            if mark in data:
                either |= bits.unpack(data[mark])
        fits &= either
        if not fits:
            return 0
    return fits


def _tickets(conn: Connection, places: Sequence[int]) -> list[int]:
    rows = conn.execute(select(search_docs.c.ticket).where(search_docs.c.place.in_(list(places))))
    return sorted(rows.scalars(), reverse=True)


def _compared(conn: Connection, ids: Sequence[int], wanted: Sequence[str], sight: Sight | None) -> list[int]:
    """Those that may be seen and really fit, newest first."""
    rows = conn.execute(select(_t.id).where(_t.id.in_(list(ids)), *tickets_in(sight)))
    seen = sorted(rows.scalars(), reverse=True)
    found = search_index.texts(conn, seen)
    return [ticket for ticket in seen if ticket in found and _fits(found[ticket], wanted)]


def _fits(text: Text, wanted: Sequence[str]) -> bool:
    return all(term in text.words or (term == text.ending != "") for term in wanted)
