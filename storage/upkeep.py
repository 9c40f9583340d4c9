"""Takes away what has served its time: recorded replies, old conversations, sent pushes; not tickets or facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.engine import Database
from storage.schema import claim_failures, dialogs, inbox, outbox

_AT_ONCE = 2000  # rows a transaction, so that no turn waits behind the broom


@dataclass(frozen=True, slots=True)
class Swept:
    inbox: int = 0
    dialogs: int = 0
    pushes: int = 0


def sweep(db: Database, now: datetime, *, inbox_days: int = 7, dialog_days: int = 2, push_days: int = 90) -> Swept:
    """One step: at most 2,000 rows of each. A message can be recognised as a copy for `inbox_days`."""
    with db.writing() as conn:
        last = conn.execute(
            select(inbox.c.received).order_by(inbox.c.received).offset(_AT_ONCE).limit(1)
        ).scalar()  # fmt: skip
        before = now - timedelta(days=inbox_days)
        before = min(before, last) if last else before
        old_inbox = conn.execute(delete(inbox).where(inbox.c.received < before)).rowcount
        old_dialogs = conn.execute(
            delete(dialogs).where(dialogs.c.since < now - timedelta(days=dialog_days))
        ).rowcount
        done = select(outbox.c.id).where(outbox.c.done < now - timedelta(days=push_days)).limit(_AT_ONCE)
        old_pushes = conn.execute(delete(outbox).where(outbox.c.id.in_(done))).rowcount
        conn.execute(delete(claim_failures).where(claim_failures.c.at < now - timedelta(days=dialog_days)))
        return Swept(old_inbox, old_dialogs, old_pushes)
