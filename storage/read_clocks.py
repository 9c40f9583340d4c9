"""Questions about clocks, limits and duty hours, for storage/read.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from handlers.tickets.clock import Periods
from handlers.tickets.clocks import Event, Kind
from handlers.tickets.limits import DEFAULTS, Clock, Limit, Limits, limit_from
from storage.schema import clock_events, duty_hours
from storage.schema import limits as limits_table
from storage.sql import Prepared
from storage.transaction import Transaction

_e, _l, _h = clock_events.c, limits_table.c, duty_hours.c
EVENTS = Prepared(
    select(_e.at, _e.kind, _e.clock, _e.terms, _e.value).where(_e.ticket == bindparam("ticket")).order_by(_e.id)
)
_ours: BindParameter[int] = bindparam("community")
_LIMITS = Prepared(
    select(_l.of, _l.clock, _l.terms).where(or_(_l.community == 0, _l.community == _ours)).order_by(_l.community)
)
_HOURS = Prepared(
    select(_h.community, _h.day, _h.begin, _h.end)
    .where(or_(_h.community == 0, _h.community == _ours))
    .order_by(_h.community, _h.begin)
)
_ALL_HOURS = Prepared(select(_h.community, _h.day, _h.begin, _h.end).order_by(_h.community, _h.begin))
_TERMS: dict[str, Limit] = {}  # few different ones, written in every row
_KINDS = {kind.value: kind for kind in Kind}
_CLOCKS: dict[str, Clock | None] = {"": None, **{clock.value: clock for clock in Clock}}


def event_from(at: int, kind: str, clock: str, terms: str, value: int) -> Event:
    limit = None
    if terms:
        limit = _TERMS.get(terms)
        if limit is None:
            limit = _TERMS[terms] = limit_from(terms)
    return Event(at, _KINDS[kind], _CLOCKS[clock], limit, value)


Hours = tuple[Periods | None, Periods]


def events_of(tx: Transaction, ticket: int) -> tuple[Event, ...]:
    """What happened to a ticket's clocks, in order."""
    return tuple(event_from(*row) for row in tx.rows(EVENTS, ticket=ticket))


def limits_of(tx: Transaction, community: int) -> Limits:
    """The community's rows over the city's over the defaults."""
    own = {(of, Clock(clock)): limit_from(terms) for of, clock, terms in tx.rows(_LIMITS, community=community)}
    return Limits({**DEFAULTS, **own}) if own else Limits()


def hours_of(tx: Transaction, community: int) -> Hours:
    """Duty periods of working days (None: the default) and of weekends: the community's own, else the city's."""
    return _of_both(tx.rows(_HOURS, community=community), community)


def hours_of_each(tx: Transaction, communities: Iterable[int]) -> dict[int, Hours]:
    """The same of many, in one question."""
    own: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in tx.rows(_ALL_HOURS):
        own[row[0]].append(row)
    return {one: _of_both(own[0] + own[one] if one else own[0], one) for one in communities}


def _of_both(rows: Sequence[Sequence[Any]], community: int) -> Hours:
    return _hours(rows, community, "work") or None, _hours(rows, community, "weekend")


def _hours(rows: Iterable[Sequence[Any]], community: int, day: str) -> Periods:
    own = [row for row in rows if row[1] == day]
    mine = [row for row in own if row[0] == community] or own
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for _, _, begin, end in mine)
