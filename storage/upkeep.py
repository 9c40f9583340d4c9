"""Takes away what has served its time; old reports lose their person. Never touches facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update

from nlp.types import Place
from storage.drafts import KEPT
from storage.engine import Database
from storage.schema import (
    claim_failures,
    dialogs,
    drafts,
    followers,
    inbox,
    media,
    notes,
    outbox,
    received,
    search_docs,
    sessions,
    tickets,
    viewings,
)
from storage.schema.tickets import NOT_ERASED, NOT_FORGOTTEN
from storage.values import place_json

REPORT_YEARS, MEDIA_YEARS, PIN_DAYS, SESSION_DAYS = (
    3,
    1,
    30,
    365,
)  # domain.md §8 "Retention"; said to residents in the privacy notice
INBOX_DAYS = 7  # how long a message can be recognised as a copy
_AT_ONCE = 2000  # rows a transaction, so that no turn waits behind the broom
# nothing waits for weeks, so that what was written first was also sent first: no index of when it was
_oldest_pushes = (
    select(outbox.c.id).where(outbox.c.id > 0, outbox.c.done.is_not(None)).order_by(outbox.c.id).limit(_AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Swept:
    inbox: int = 0
    dialogs: int = 0
    pushes: int = 0


def sweep(
    db: Database, now: datetime, *, inbox_days: int = INBOX_DAYS, dialog_days: int = 2, push_days: int = 90
) -> Swept:
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
        old_pushes = conn.execute(
            delete(outbox).where(outbox.c.id.in_(_oldest_pushes), outbox.c.done < now - timedelta(days=push_days))
        ).rowcount
        conn.execute(delete(viewings).where(viewings.c.seen < now - timedelta(days=1)))
        conn.execute(delete(claim_failures).where(claim_failures.c.at < now - timedelta(days=dialog_days)))
        conn.execute(delete(drafts).where(drafts.c.at < now - KEPT))
        return Swept(old_inbox, old_dialogs, old_pushes)


def retire(db: Database, now: datetime) -> int:
    """One step of forgetting: reports three years after their end lose words, place and reporter, photos and
    voices go after one (what was sent later, a year after it came), pins after 30 days, log-ins after a year.
    Returns how many reports, media and pins were changed, at most 500 of each."""
    with db.writing() as conn:
        conn.execute(delete(sessions).where(sessions.c.created < now - timedelta(days=SESSION_DAYS)))
        pinned = (
            select(tickets.c.id)
            .where(tickets.c.lat.is_not(None), tickets.c.closed < now - timedelta(days=PIN_DAYS))
            .limit(500)
        )
        pins = list(conn.execute(pinned).scalars())
        if pins:
            conn.execute(
                update(tickets)
                .where(tickets.c.id.in_(pins))
                .values(lat=None, lon=None, version=tickets.c.version + 1)
            )
        old = (
            select(tickets.c.id)
            .where(tickets.c.closed < now - timedelta(days=365 * REPORT_YEARS), text(NOT_FORGOTTEN))
            .limit(500)
        )
        gone = list(conn.execute(old).scalars())
        if gone:
            conn.execute(
                update(tickets)
                .where(tickets.c.id.in_(gone))
                .values(
                    words="",
                    summary="",
                    result=None,
                    place=place_json(Place()),
                    lat=None,
                    lon=None,
                    reporter=0,
                    anonymous=True,
                    version=tickets.c.version + 1,
                )
            )
            conn.execute(update(received).where(received.c.ticket.in_(gone)).values(contact=""))
            conn.execute(update(notes).where(notes.c.ticket.in_(gone)).values(words="", person=0))
            conn.execute(delete(followers).where(followers.c.ticket.in_(gone)))
            conn.execute(delete(search_docs).where(search_docs.c.ticket.in_(gone)))
        year = now - timedelta(days=365 * MEDIA_YEARS)
        seen = list(
            conn.execute(
                select(media.c.id)
                .join(tickets, tickets.c.id == media.c.ticket)
                .where(media.c.at < year, text(NOT_ERASED), tickets.c.closed < year)
                .limit(500)
            ).scalars()
        )
        if seen:
            # the file's name stays until storage.media.erased() has had it removed from the disk
            conn.execute(update(media).where(media.c.id.in_(seen)).values(state="erased", ref="", next_at=None))
        return len(gone) + len(seen) + len(pins)
