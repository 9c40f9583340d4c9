"""What somebody does on a signed page: their address there, and the answer that was recorded for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, insert, select
from sqlalchemy.exc import IntegrityError

from handlers.tickets.facts import AccessRefused
from handlers.types import Reply, Sender
from storage.engine import Database
from storage.ids import ids_in
from storage.schema import facts, identities, inbox
from storage.values import replies_from

CHANNEL = "page"
_WRITTEN = ids_in(60.0)  # a turn's facts have ids not much larger than its own


def address(person: int) -> Sender:
    """A person's address on the signed pages; no push is ever sent there."""
    return Sender(CHANNEL, "-", str(person))


def known(db: Database, person: int, now: datetime) -> Sender:
    """The address, made when it is not there yet. Blocks."""
    sender = address(person)
    with db.reading() as conn:
        if conn.execute(select(identities.c.person).where(*_at(sender))).first() is not None:
            return sender
    try:
        with db.writing() as conn:
            conn.execute(
                insert(identities).values(
                    channel=sender.channel, account=sender.account, user=sender.user, person=person,
                    followed=False, seen=now, window_left=0,
                )
            )  # fmt: skip
    except IntegrityError:
        pass  # another tap made it just now
    return sender


def answer(db: Database, person: int, key: str) -> tuple[Reply, ...] | None:
    """What was answered to a tap with this key; None while there is no answer. Blocks."""
    sender = address(person)
    with db.reading() as conn:
        found = conn.execute(select(inbox.c.replies).where(and_(*_at_inbox(sender)), inbox.c.key == key)).scalar()
    return None if found is None else replies_from(found)


def refused(db: Database, person: int, key: str) -> bool:
    """Whether a tap was answered, and nothing happened to any matter. Blocks."""
    turn = inbox.c.turn
    happened = exists().where(
        facts.c.id.between(turn, turn + _WRITTEN), facts.c.turn == turn, facts.c.ticket != 0,
        facts.c.kind != AccessRefused.__name__,
    )  # fmt: skip
    answered = select(turn).where(*_at_inbox(address(person)), inbox.c.key == key, ~happened)
    with db.reading() as conn:
        return conn.execute(answered).first() is not None


def _at(sender: Sender) -> tuple[ColumnElement[bool], ...]:
    return (
        identities.c.channel == sender.channel,
        identities.c.account == sender.account,
        identities.c.user == sender.user,
    )


def _at_inbox(sender: Sender) -> tuple[ColumnElement[bool], ...]:
    return (
        inbox.c.channel == sender.channel, inbox.c.account == sender.account, inbox.c.user == sender.user
    )  # fmt: skip
