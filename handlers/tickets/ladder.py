"""The ladder of the whole-order clock: 50% remind, 80% warn, 100% overdue, 150% the street (domain.md §2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from handlers.tickets.clock import Calendar, ruler
from handlers.tickets.clocks import Event, Hand, Kind, hands
from handlers.tickets.limits import Clock, Limit

RUNGS: dict[int, str] = {  # percentage of the limit → what is recorded of it
    50: "half",  # the handler is reminded
    80: "warn",  # the handler is warned, the leader told
    100: "overdue",  # 督办: the next level knows, the reporter is told honestly
    150: "street",  # 街道指挥室
}


def taken(events: Iterable[Event]) -> frozenset[int]:
    """Rungs already recorded since the whole order last began: each breach once."""
    found: set[int] = set()
    for event in events:
        if event.kind is Kind.START and event.clock is Clock.WHOLE:
            found.clear()
        elif event.kind is Kind.RUNG:
            found.add(event.value)
    return frozenset(found)


def reached(events: Sequence[Event], calendar: Calendar, now: datetime) -> tuple[int, ...]:
    """Rungs whose moment has come and that nobody has recorded yet, lowest first; none while paused or done."""
    hand = hands(events, calendar).get(Clock.WHOLE)
    if hand is None or hand.since is None:
        return ()
    used, before = hand.elapsed(int(now.timestamp())), taken(events)
    return tuple(rung for rung in RUNGS if rung not in before and used * 100 >= hand.limit * rung)


def next_rung(events: Sequence[Event], calendar: Calendar, done: frozenset[int] = frozenset()) -> datetime | None:
    """When the next step of the ladder is due; `done` counts as recorded. None while paused, done or at its end."""
    hand = hands(events, calendar).get(Clock.WHOLE)
    if hand is None or hand.since is None:
        return None
    before = taken(events) | done
    left = [rung for rung in RUNGS if rung not in before]
    if not left:
        return None
    return datetime.fromtimestamp(hand.reaches(_part(hand.limit, left[0]), hand.since), UTC)


def first_rung(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """When the ladder of a ticket that begins now takes its first step."""
    at = int(start.timestamp())
    hand = Hand(Clock.WHOLE, limit, ruler(calendar))
    return datetime.fromtimestamp(hand.reaches(_part(hand.limit, min(RUNGS)), at), UTC)


def _part(limit: int, rung: int) -> int:
    return -(-limit * rung // 100)
