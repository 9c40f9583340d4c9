"""Which days of which communities are to be added up again: kept, so that many steps are added up once."""

from __future__ import annotations

import time
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import orjson
from sqlalchemy import Connection

from storage import marker
from storage.marker import statements
from storage.tally_days import ALL, add_up

_NAME = "numbers_owed"
MOST = 400  # when so many wait they come first
_AT_ONCE = 5  # communities in one statement, at first


@dataclass(frozen=True, slots=True)
class Owed:
    """`days`: (day, community). `position`: up to which fact the sums are right while any of them wait."""

    days: frozenset[tuple[str, int]] = frozenset()
    position: int = 0


def owed(conn: Connection) -> Owed:
    return _owed(marker.read(statements(conn), _NAME))


@lru_cache(maxsize=2)  # seldom another than a moment ago, and long
def _owed(value: bytes) -> Owed:
    if not value:
        return Owed()
    said = orjson.loads(value)
    return Owed(frozenset((day, community) for day, community in said["days"]), said["position"])


def owe(conn: Connection, days: Set[tuple[str, int]], position: int) -> None:
    """These too; `position`: of the last fact before what changed them."""
    before = owed(conn)
    if not days <= before.days:
        _keep(conn, Owed(before.days | days, before.position if before.days else position))


def pay(conn: Connection, seconds: float = 0.05) -> int:
    """Add some of them up, day by day; how many. The caller sees to it that nobody else does.

    For about `seconds`: while they are added up no message is written. A day's sum over all communities comes last.
    """
    began = time.monotonic()
    before = owed(conn)
    waiting, done, size = set(before.days), 0, _AT_ONCE
    for day, of_day in groupby(sorted(before.days, key=_order), key=itemgetter(0)):
        communities = [community for _, community in of_day]
        if communities[-1] != ALL:
            communities.append(ALL)
            waiting.add((day, ALL))
        while communities:
            some, communities = communities[:size], communities[size:]
            add_up(conn, day, some)
            waiting -= {(day, community) for community in some}
            done += len(some)
            spent = time.monotonic() - began
            if spent > seconds:
                _keep(conn, Owed(frozenset(waiting), before.position))
                return done
            if spent * 4 < seconds:  # small ones: the more at a time
                size *= 2
    _keep(conn, Owed(frozenset(waiting), before.position))
    return done


def _order(owed_: tuple[str, int]) -> tuple[str, bool, int]:
    day, community = owed_
    return day, community == ALL, community


def _keep(conn: Connection, owed_: Owed) -> None:
    tx = statements(conn)
    marker.keep(tx, _NAME, orjson.dumps({"days": sorted(owed_.days), "position": owed_.position}))
    tx.flush()
