"""Which days of which communities are to be added up again: kept, so that many steps are added up once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, insert, select, update

from storage.schema import meta
from storage.tally_days import add_up

_NAME = "numbers_owed"
_MOST = 400  # that are kept
_AT_ONCE = 40  # in one transaction: while it lasts no message is written


@dataclass(frozen=True, slots=True)
class Owed:
    """`days`: (day, community). `position`: up to which fact the sums are right while any of them wait."""

    days: frozenset[tuple[str, int]] = frozenset()
    position: int = 0


def owed(conn: Connection) -> Owed:
    value = conn.execute(select(meta.c.value).where(meta.c.name == _NAME)).scalar()
    if not value:
        return Owed()
    said = orjson.loads(value)
    return Owed(frozenset((day, community) for day, community in said["days"]), said["position"])


def owe(conn: Connection, days: Collection[tuple[str, int]], position: int) -> None:
    """These too; `position`: of the last fact before what changed them. More than are kept are added up at once."""
    if not days:
        return
    before = owed(conn)
    every = before.days | frozenset(days)
    if len(every) > _MOST:
        add_up(conn, every)
        every = frozenset()
    _keep(conn, Owed(every, before.position if before.days else position))


def pay(conn: Connection) -> int:
    """Add some of them up, day by day; how many. The caller sees to it that nobody else does."""
    before = owed(conn)
    now = sorted(before.days)[:_AT_ONCE]
    if now:
        add_up(conn, now)
        _keep(conn, Owed(before.days - frozenset(now), before.position))
    return len(now)


def _keep(conn: Connection, owed_: Owed) -> None:
    value = orjson.dumps({"days": sorted(owed_.days), "position": owed_.position})
    if not conn.execute(update(meta).where(meta.c.name == _NAME).values(value=value)).rowcount:
        conn.execute(insert(meta).values(name=_NAME, value=value))
