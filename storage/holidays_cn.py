"""Which days are holidays and 调休 workdays: the library's table of China with the operator's own over it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays as published
from sqlalchemy import select

from handlers.tickets.clock import Calendar
from storage.schema import holidays
from storage.sql import Prepared
from storage.transaction import Transaction

_OWN = Prepared(select(holidays.c.day, holidays.c.works))


@lru_cache(maxsize=8)
def _published(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Of a year and the next. A year whose table the State Council has not published yet has only the fixed days."""
    china = published.country_holidays("CN", years=(year, year + 1))
    worked = frozenset(day for day in china.weekend_workdays if day.year in (year, year + 1))
    return frozenset(china), worked


def calendar(tx: Transaction, today: date) -> Calendar:
    """For deadlines that begin today: this year and the next."""
    off, worked = _published(today.year)
    own = {date.fromisoformat(day): works for day, works in tx.rows(_OWN)}
    free = {day for day, works in own.items() if not works}
    busy = {day for day, works in own.items() if works}
    return Calendar(holidays=(off | free) - busy, workdays=(worked | busy) - free)
