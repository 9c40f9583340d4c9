"""How many more messages a platform will take that drops the surplus without a word; counted by every process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from storage.engine import Database
from storage.ids import new_id
from storage.schema import allowances

_a = allowances.c
_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages within the last `seconds`, to one user or, with `user` False, to the whole account."""

    most: int
    seconds: float
    user: bool = True


def take(db: Database, account: str, user: str, now: datetime, limits: Sequence[Limit]) -> float:
    """0.0 and one message taken, or the seconds until every limit has room again. Blocks."""
    with db.writing() as conn:
        if db.postgresql:  # several processes count on one account: one after the other
            conn.execute(select(func.pg_advisory_xact_lock(_lock(account))))
        wait = max((_wait(conn, account, user, now, limit) for limit in limits), default=0.0)
        if wait <= 0:
            conn.execute(insert(allowances).values(id=new_id(), account=account, user=user, at=now))
        return max(wait, 0.0)


def forget(db: Database, now: datetime) -> int:
    """Take away what no limit looks at any more; how many rows."""
    with db.writing() as conn:
        return conn.execute(delete(allowances).where(_a.at < now - _KEPT)).rowcount


def _wait(conn: Connection, account: str, user: str, now: datetime, limit: Limit) -> float:
    """When the last message but `most` leaves the span, there is room for one."""
    mine: list[ColumnElement[bool]] = [_a.account == account]
    if limit.user:
        mine.append(_a.user == user)
    first = conn.execute(
        select(_a.at).where(*mine).order_by(_a.at.desc()).offset(limit.most - 1).limit(1)
    ).scalar()  # fmt: skip
    if first is None:
        return 0.0
    return float(limit.seconds - (now - first).total_seconds())


def _lock(account: str) -> int:
    return int.from_bytes(blake2b(f"allowance\0{account}".encode(), digest_size=8).digest(), "big", signed=True)
