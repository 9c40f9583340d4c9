"""Who writes from which address, and how long the platform lets us answer there; nothing of what is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from handlers.types import Inbound, Sender
from nlp.quick import quick
from storage.engine import Database
from storage.pen import Pen
from storage.schema import identities, persons
from storage.sql import Prepared
from storage.transaction import Transaction

_MESSAGE = (timedelta(hours=48), 5)  # wechat.md §6: customer-service messages after a message …
_EVENT = (timedelta(minutes=1), 3)  # … and after a menu click, a scan, following
_OPENING = frozenset({"follow", "scan", "menu"})

_at = tuple(identities.c[name] == bindparam(name) for name in ("channel", "account", "user"))
ADDRESS = Prepared(
    select(
        identities.c.person, identities.c.followed, identities.c.window_until, identities.c.window_left
    ).where(*_at)
)  # fmt: skip
_PERSON = Prepared(
    persons.insert().values(id=bindparam("person"), created=bindparam("now"), community=0, building=0,
                            anonymous=False, notice=0)
)  # fmt: skip
_names = ("channel", "account", "user", "person", "followed", "seen", "window_until", "window_left")
_NEW = Prepared(identities.insert().values(**{name: bindparam(name) for name in _names}))
_SEEN = Prepared(
    update(identities)
    .where(*_at)
    .values(**{name: bindparam(name) for name in ("followed", "seen", "window_until", "window_left")}),
    log=True,  # of one address the last one counts, and they are in order
)


@quick
@dataclass(frozen=True, slots=True)
class Address:
    person: int
    followed: bool = True
    window_until: datetime | None = None
    window_left: int = 0


def values(sender: Sender) -> dict[str, str]:
    return {"channel": sender.channel, "account": sender.account, "user": sender.user}


def gone(db: Database, sender: Sender) -> bool:
    """The platform says that this address takes no messages: none are sent until the person writes again.

    Whether the person can be written to at another address.
    """
    here = and_(*(identities.c[name] == value for name, value in values(sender).items()))
    with db.writing() as conn:
        conn.execute(update(identities).where(here).values(followed=False))
        same = select(identities.c.person).where(here).scalar_subquery()
        other = select(identities.c.user).where(identities.c.person == same, identities.c.followed.is_(True))
        return conn.execute(other.limit(1)).first() is not None


def window(known: Address, inbound: Inbound, now: datetime) -> tuple[datetime | None, int]:
    """The window after this message or event: raised to its maximum, never lowered (wechat.md §6)."""
    until, left = known.window_until, known.window_left
    if inbound.sender.channel != "wechat" or (inbound.event and inbound.event not in _OPENING):
        return until, left
    lasts, allowed = _EVENT if inbound.event else _MESSAGE
    if until is None or until <= now or left <= 0:
        return now + lasts, allowed
    return max(until, now + lasts), max(left, allowed)


def seen(pen: Pen, inbound: Inbound, known: Address | None) -> Address:
    """The address after this message; a person is made for a new one."""
    if known is not None:
        return heard(pen.tx, inbound, known, pen.now)
    after = _after(inbound, Address(pen.new_id()), pen.now)
    pen.tx.write(_PERSON, person=after.person, now=pen.now)
    pen.tx.write(_NEW, **values(inbound.sender), person=after.person, **_state(after, pen.now))
    return after


def heard(tx: Transaction, inbound: Inbound, known: Address, now: datetime) -> Address:
    """The same of an address that is there."""
    if inbound.event == "sent":
        return known  # a receipt: nobody did anything
    after = _after(inbound, known, now)
    tx.write(_SEEN, **values(inbound.sender), **_state(after, now))
    return after


def _after(inbound: Inbound, before: Address, now: datetime) -> Address:
    until, left = window(before, inbound, now)
    follows = before.followed if inbound.sender.channel == "page" else inbound.event != "unfollow"
    return Address(before.person, follows, until, left)


def _state(after: Address, now: datetime) -> dict[str, Any]:
    return {
        "followed": after.followed, "seen": now, "window_until": after.window_until, "window_left": after.window_left,
    }  # fmt: skip
