"""Which communities' last month is not settled yet; each is settled in a turn of its own, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from sqlalchemy import exists, select

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage.engine import Database
from storage.schema import communities
from storage.schema.points import point_months, point_notices
from storage.turns import Turns

Settle = Callable[[int, date, datetime, Policy, Read], Outcome]


def due(db: Database, month: date) -> list[int]:
    """Communities where somebody earned in that month, and nobody has settled it."""
    name, _c, _m, _n = f"{month:%Y-%m}", communities.c, point_months.c, point_notices.c
    settled = exists().where(_n.community == _c.id, _n.month == name)
    earned = exists().where(_m.community == _c.id, _m.month == name, _m.points > 0)  # each along its index
    wanted = select(_c.id).where(earned, ~settled).order_by(_c.id)
    with db.reading() as conn:
        return [row[0] for row in conn.execute(wanted)]


def settle_due(db: Database, turns: Turns, settle: Settle, policy: Policy, now: datetime, month: date) -> int:
    """How many were settled. Raises what a turn raised; the others come with the next run."""
    work = [partial(settle, community, month, now, policy) for community in due(db, month)]
    return sum(bool(done.result().facts) for done in [turns.run(one, now, "clock") for one in work])
