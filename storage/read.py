"""Answers what the core may ask (handlers.read.Read), inside one transaction; changes nothing but counters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from handlers.tickets.clock import Calendar
from storage.holidays_cn import calendar
from storage.read_people import ReadPeople
from storage.read_tickets import ReadTickets
from storage.transaction import Transaction

_calendars: dict[tuple[int, date], Calendar] = {}
_calendars_lock = threading.Lock()


class Reader(ReadPeople, ReadTickets):
    """One turn's eyes. `database` tells calendars of different databases apart, `today` their day (Asia/Shanghai)."""

    def __init__(
        self,
        tx: Transaction,
        ids: Callable[[], int],
        *,
        database: int = 0,
        today: date,
        numbers: Callable[[str], int] | None = None,
    ) -> None:
        ReadPeople.__init__(self, tx)
        ReadTickets.__init__(self, tx, numbers)
        self._ids = ids
        self._calendar_key = (database, today)

    def new_id(self) -> int:
        return self._ids()

    def calendar(self) -> Calendar:
        """Read once a day: a change of the operator's table counts from the next day, or `forget_calendars()`."""
        found = _calendars.get(self._calendar_key)
        if found is None:
            found = calendar(self.tx, self._calendar_key[1])
            with _calendars_lock:
                if len(_calendars) > 32:
                    _calendars.clear()
                _calendars[self._calendar_key] = found
        return found


def forget_calendars() -> None:
    """The holidays table was changed."""
    with _calendars_lock:
        _calendars.clear()
