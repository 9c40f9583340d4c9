"""Who is due for a digest or a reminder now; that one was told stands in the facts log only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select, text

from handlers.tickets.digest import DIGEST, SUPERVISORS
from handlers.tickets.digest_facts import DigestTold
from handlers.tickets.rules import OPEN
from storage.engine import Database
from storage.pen import Pen
from storage.schema import identities, outbox, posts, tickets, timers
from storage.schema.tickets import OPEN_ONLY

WRITTEN = ("task", "alarm", "desk")  # kinds of push that tell of a task


def apply(fact: DigestTold, pen: Pen) -> None:
    """The push is the whole effect."""


def due(db: Database, kind: str, slot: datetime, limit: int = 500) -> list[int]:
    """People to be told since `slot` and not told yet, without a timer that waits. Blocks."""
    told = exists().where(
        outbox.c.person == posts.c.person, outbox.c.kind == kind, outbox.c.created >= slot
    )  # fmt: skip
    waits = exists().where(timers.c.ticket == posts.c.person, timers.c.kind == f"dg_{kind}")
    wanted = select(posts.c.person).where(posts.c.until.is_(None), ~told, ~waits).distinct()
    if kind == DIGEST:
        wanted = wanted.where(posts.c.role.in_([role.value for role in SUPERVISORS]))
    else:
        wanted = wanted.where(posts.c.person.in_(_unread()))
    with db.reading() as conn:
        return list(conn.execute(wanted.order_by(posts.c.person).limit(limit)).scalars())


def _unread() -> Select[tuple[int]]:
    """People with an open task whose push was sent after they were last seen."""
    seen = (
        select(func.max(identities.c.seen))
        .where(identities.c.person == outbox.c.person)
        .correlate(outbox)
        .scalar_subquery()
    )
    told = exists().where(
        outbox.c.ticket == tickets.c.id, outbox.c.person == tickets.c.owner, outbox.c.kind.in_(WRITTEN),
        outbox.c.created >= tickets.c.opened,  # as it is; a look that the owners' index alone would answer reads all
        outbox.c.state == "sent", or_(seen.is_(None), outbox.c.done > seen),
    )  # fmt: skip
    open_ = tickets.c.status.in_([status.value for status in OPEN])
    return select(tickets.c.owner).where(text(OPEN_ONLY), open_, tickets.c.owner != 0, told)
