"""The knowledge base in memory, for each database of the process, read again where it changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from handlers.knowledge.port import Known
from nlp.lexicon import data
from nlp.search import Entry, Found, Index
from storage.engine import Database
from storage.line import Line
from storage.schema import faq, synonyms
from storage.sql import Prepared
from storage.transaction import Transaction

AT_ONCE = 200  # changed rows that a turn takes up itself; more wait for the job
_KEPT = 2000  # questions whose answers are remembered
_SHORT = 40  # characters of a question that others will ask in the same words
_f = faq.c
_ROW = (
    _f.id, _f.community, _f.question, _f.variants, _f.answer, _f.source, _f.valid_from, _f.valid_until, _f.gone,
    _f.revision,
)  # fmt: skip
_STATE = Prepared(
    select(
        select(func.count()).select_from(faq).scalar_subquery(),
        select(func.coalesce(func.sum(_f.revision), 0)).scalar_subquery(),
        select(func.coalesce(func.max(_f.id), 0)).scalar_subquery(),
        select(func.count()).select_from(synonyms).scalar_subquery(),
        select(func.coalesce(func.sum(synonyms.c.revision), 0)).scalar_subquery(),
    ),
    kept=True,
)
_REVISIONS = Prepared(select(_f.id, _f.revision))
_ONE = Prepared(select(*_ROW).where(_f.id == bindparam("id")))
_ALL = Prepared(select(*_ROW))
_SYNONYMS = Prepared(select(synonyms.c.community, synonyms.c.word, synonyms.c.words))


@dataclass(slots=True)
class Shelf:
    """`rows`: as read; `state`: what the tables said when they were read; `found`: answers to what was asked lately.

    The job takes up many rows in a thread while turns ask: `lock` is held for one row at a time, in fair order.
    """

    index: Index = field(default_factory=Index)
    rows: dict[int, Sequence[Any]] = field(default_factory=dict)
    synonyms: tuple[tuple[int, tuple[str, ...]], ...] = ()
    state: tuple[int, ...] = ()
    found: dict[tuple[str, int | None, date, int], tuple[Known, ...]] = field(default_factory=dict)
    lock: Line = field(default_factory=Line)
    changing: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self, tx: Transaction, most: int) -> int:
        """Take up what changed since, when it is at most `most` rows; returns how many were.

        Who comes while somebody else does so goes on with what is there, except at the very first.
        """
        state = tuple(int(value) for value in tx.one(_STATE))
        if state == self.state or not self.changing.acquire(blocking=not self.state):
            return 0
        try:
            return self._take_up(tx, state, most)
        finally:
            self.changing.release()

    def _take_up(self, tx: Transaction, state: tuple[int, ...], most: int) -> int:
        now = {row[0]: row[1] for row in tx.rows(_REVISIONS)}
        changed = {key for key, revision in now.items() if key not in self.rows or self.rows[key][9] != revision}
        if self.state and len(changed) > most:
            return 0
        fresh = [row for row in tx.rows(_ALL) if row[0] in changed] if len(changed) > 20 else [
            row for key in changed for row in tx.rows(_ONE, id=key)
        ]  # fmt: skip
        for gone in self.rows.keys() - now.keys():
            with self.lock:
                self.found.clear()
                self.index.drop(gone)
                del self.rows[gone]
        for row in fresh:
            entry = Entry(row[0], row[1], row[2], row[4], tuple(row[3]))
            with self.lock:
                self.found.clear()
                self.rows[row[0]] = row
                if row[8]:
                    self.index.drop(row[0])
                else:
                    self.index.put(entry)
        said = (*_GENERAL, *((row[0], (row[1], *row[2])) for row in tx.rows(_SYNONYMS)))
        with self.lock:
            self.found.clear()
            self.synonyms = said
        self.state = state
        return len(fresh)

    def find(self, words: str, community: int | None, today: date, limit: int) -> tuple[Known, ...]:
        """Of this community (None: of any) and of all, valid today."""
        asked = (words, community, today, limit)
        with self.lock:
            found = self.found.get(asked)
            if found is None:
                found = self._find(words, community, today.isoformat(), limit)
                if len(self.found) >= _KEPT:
                    self.found.clear()
                if len(words) <= _SHORT:
                    self.found[asked] = found
            return found

    def _find(self, words: str, community: int | None, day: str, limit: int) -> tuple[Known, ...]:
        def allowed(key: int) -> bool:
            row = self.rows[key]
            return (community is None or row[1] in (0, community)) and row[6] <= day and (not row[7] or day <= row[7])

        groups = [group for of, group in self.synonyms if community is None or of in (0, community)]
        found = self.index.find(words, allowed=allowed, synonyms=groups, limit=limit)
        best = sorted(found, key=lambda one: (-one.likeness, -one.score, one.key))
        return tuple(self.known(one.key, one) for one in best)

    def known(self, key: int, found: Found | None = None) -> Known:
        row = self.rows[key]
        until = date.fromisoformat(row[7]) if row[7] else None
        return Known(row[0], row[1], row[2], row[4], row[5], until, found.likeness if found else 0.0)


def _general() -> tuple[tuple[int, tuple[str, ...]], ...]:
    lines = data("synonyms.txt").splitlines()
    return tuple((0, tuple(line.split())) for line in lines if line and not line.startswith("#"))


_GENERAL = _general()
_shelves: dict[int, Shelf] = {}
_making = threading.Lock()


def shelf(tx: Transaction, database: int, most: int = AT_ONCE) -> Shelf:
    """The shelf of a database (`Database.number`), as its tables are now."""
    found = _shelf(database)
    found.refresh(tx, most)
    return found


def _shelf(database: int) -> Shelf:
    with _making:
        found = _shelves.get(database)
        if found is None:
            found = _shelves[database] = Shelf()
            if len(_shelves) > 16:  # databases that tests opened and closed
                _shelves.pop(next(iter(_shelves)))
        return found


def refresh(db: Database) -> int:
    """Take up whatever changed, outside of any turn; returns how many answers did. Blocks."""
    with db.reading() as conn:
        cursor = conn.connection.cursor()
        try:
            return _shelf(db.number).refresh(Transaction(cursor, db.dialect), most=1_000_000)
        finally:
            cursor.close()
