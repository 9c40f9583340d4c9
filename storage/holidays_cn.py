"""Which days are holidays and 调休 workdays: the library's table of China with the operator's own over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

import holidays as published
from sqlalchemy import Connection, select

from handlers.tickets.clock import DUTY, Calendar
from storage.read_clocks import Hours, hours_of, hours_of_each
from storage.schema import holidays
from storage.sql import Prepared
from storage.transaction import Transaction

_OWN = Prepared(select(holidays.c.day, holidays.c.works))


@lru_cache(maxsize=8)
def _published(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Of a year, the one before (what still runs began there) and the next. A year whose table the State Council
    has not published yet has only the fixed days."""
    years = (year - 1, year, year + 1)
    china = published.country_holidays("CN", years=years)
    worked = frozenset(day for day in china.weekend_workdays if day.year in years)
    return frozenset(china), worked


def missing(conn: Connection, today: date) -> tuple[int, ...]:
    """Of this year and the next, those whose 调休 workdays neither the library nor the operator's table knows."""
    found = []
    for year in (today.year, today.year + 1):
        worked = published.country_holidays("CN", years=year).weekend_workdays  # names some of other years too
        own = select(holidays.c.day).where(holidays.c.works.is_(True), holidays.c.day.startswith(f"{year}-"))
        if not any(day.year == year for day in worked) and conn.execute(own.limit(1)).first() is None:
            found.append(year)
    return tuple(found)


def calendar(tx: Transaction, today: date, community: int = 0) -> Calendar:
    """For limits that run today: the days of last year, this and the next, and the community's duty hours."""
    return _calendars(tx, today, {community: hours_of(tx, community)})[community]


def calendars(tx: Transaction, today: date, communities: Iterable[int]) -> dict[int, Calendar]:
    """The same for several, in two questions; those with the same hours share one."""
    return _calendars(tx, today, hours_of_each(tx, communities))


def _calendars(tx: Transaction, today: date, hours: Mapping[int, Hours]) -> dict[int, Calendar]:
    own = tuple((day, works) for day, works in tx.rows(_OWN))
    return {community: _made(today.year, own, said) for community, said in hours.items()}


@lru_cache(maxsize=256)
def _made(year: int, own: tuple[tuple[str, bool], ...], hours: Hours) -> Calendar:
    """The same object for the same days: what is added up for it (handlers/tickets/clock.py) is found at once."""
    off, worked = _published(year)
    free = {date.fromisoformat(day) for day, works in own if not works}
    busy = {date.fromisoformat(day) for day, works in own if works}
    return Calendar((off | free) - busy, (worked | busy) - free, hours[0] or DUTY, hours[1])
