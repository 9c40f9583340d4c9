"""Answers asked ahead for all turns of a transaction in one round trip; what will be asked guesses handlers/ahead.py.

Each is believed until something happens that may change it. Whatever was not asked ahead is asked when it is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from handlers import ahead
from handlers.residents.facts import NoticeShown
from handlers.tickets.facts import AccessRefused, OwnerReminded, TicketOpened, TimerSet
from handlers.types import Fact
from nlp.types import Place
from storage import places
from storage.read_tickets import NEAR_PLACE, OPEN_COUNT, REPORTS
from storage.read_units import AGAIN, AWAY
from storage.sql import Prepared
from storage.transaction import Transaction

Asked = tuple[Prepared, dict[str, Any]]


def _near(category: str, place: Place, since: datetime) -> Iterator[Asked]:
    if key := places.key(place):
        yield NEAR_PLACE, {"key": key, "category": category, "since": since}


def _again(category: str, place: Place, since: datetime) -> Iterator[Asked]:
    if key := places.key(place):
        yield AGAIN, {"key": key, "category": category, "since": since}


def _away(person: int, day: date) -> Iterator[Asked]:
    yield AWAY, {"person": person, "day": day.isoformat()}


def _reports(person: int, limit: int) -> Iterator[Asked]:
    yield REPORTS, {"person": person, "limit": limit}


def _count(person: int) -> Iterator[Asked]:
    yield OPEN_COUNT, {"person": person}


# As the reader's methods of these names ask: names and order of the values too.
_ASKS = {"reports_of": _reports, "open_count": _count, "open_near": _near, "recurring": _again, "away": _away}
_CHANGE_NOTHING = (TimerSet, NoticeShown, OwnerReminded, AccessRefused)


class Ahead:
    """Asked like a Transaction. `ask` is told what will be asked, `happened` every fact before it is applied."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._answers: dict[tuple[Any, ...], list[Any]] = {}  # by question and its values

    def rows(self, prepared: Prepared, /, **values: Any) -> list[Any]:
        found = self._answers.get((prepared, *values.values())) if self._answers else None
        return self._tx.rows(prepared, **values) if found is None else found

    def ask(self, questions: Iterable[ahead.Question]) -> None:
        """One round trip on PostgreSQL."""
        asked = {
            (prepared, *values.values()): (prepared, values)
            for name, given in questions
            for prepared, values in _ASKS[name](*given)  # type: ignore[operator]
        }
        self._answers |= zip(asked, self._tx.gather(list(asked.values())), strict=True)

    def made(self, person: int) -> None:
        """Somebody new, of whom there can be nothing."""
        self._answers |= {(REPORTS, person, 5): [], (OPEN_COUNT, person): [(0,)]}

    def happened(self, facts: Sequence[Fact]) -> None:
        """Forget what they may change: a new ticket what names its people, or its kind and place; others all."""
        for fact in facts if self._answers else ():
            if isinstance(fact, TicketOpened):
                people, where = {fact.reporter, fact.proxy_for}, {fact.category, places.key(fact.place)}
                self._answers = {
                    at: rows for at, rows in self._answers.items() if people.isdisjoint(at) and not where <= set(at)
                }
            elif not isinstance(fact, _CHANGE_NOTHING):
                self._answers.clear()
