"""What was sent and what could not be, and how the platforms' accounts are, as an operator sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import ColumnElement, case, func, select, update

from storage.engine import Database
from storage.ids import first_id
from storage.outgoing import AGAIN, SHARED, UNSURE
from storage.schema import allowances, outbox, persons, tokens

_o = outbox.c
RESENDABLE = "failed"


@dataclass(frozen=True, slots=True)
class Sent:
    """A push. `name` and `text` are whole: the page masks them."""

    id: int
    name: str
    kind: str
    rank: int
    text: str
    state: str
    rung: str
    code: str
    attempts: int
    created: datetime
    next_at: datetime
    done: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log is wanted; "" and 0: anything. `before`: ids below it, for the next page."""

    state: str = ""
    code: str = ""
    kind: str = ""
    days: int = 7
    before: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """An access token of a platform. The token itself is nobody's business."""

    name: str
    expires: datetime | None
    refreshing_until: datetime | None


def found(db: Database, asked: Asked, ids: Sequence[int] | None, now: datetime, limit: int) -> list[Sent]:
    """The newest first, of people of these communities; None: of everybody."""
    wanted = (
        select(outbox, persons.c.name)
        .outerjoin(persons, persons.c.id == _o.person)
        .where(_o.id >= first_id(now - timedelta(days=asked.days)), *_mine(ids))
        .order_by(_o.id.desc())
        .limit(limit)
    )
    for column, value in ((_o.state, asked.state), (_o.code, asked.code), (_o.kind, asked.kind)):
        if value:
            wanted = wanted.where(column == value)
    if asked.before:
        wanted = wanted.where(_o.id < asked.before)
    with db.reading() as conn:
        return [
            Sent(
                row.id, row.name or "", row.kind, row.rank, _text(row.body), row.state, row.rung, row.code or "",
                row.attempts, row.created, row.next_at, row.done,
            )
            for row in conn.execute(wanted)
        ]  # fmt: skip


def tally(db: Database, ids: Sequence[int] | None, now: datetime, days: int) -> list[tuple[str, str, int]]:
    """(state, reason, how many) of the last days."""
    wanted = (
        select(_o.state, _o.code, func.count())
        .outerjoin(persons, persons.c.id == _o.person)
        .where(_o.id >= first_id(now - timedelta(days=days)), *_mine(ids))
        .group_by(_o.state, _o.code)
        .order_by(func.count().desc(), _o.state)
    )
    with db.reading() as conn:
        return [(row[0], row[1] or "", row[2]) for row in conn.execute(wanted)]


def resend(db: Database, wanted: Sequence[int], ids: Sequence[int] | None, now: datetime) -> int:
    """Failed pushes wait again, from now on, with all their tries; an announcement's have a page of their own.

    What may have come says so. Returns how many.
    """
    people = select(persons.c.id).where(*_mine(ids))
    mine = [_o.id.in_(list(wanted)), _o.state == RESENDABLE, _o.kind.not_in(sorted(SHARED))]
    if ids is not None:
        mine.append(_o.person.in_(people))
    with db.writing() as conn:
        return conn.execute(
            update(outbox).where(*mine).values(
                state="waiting", attempts=0, next_at=now, code=case((_o.code.in_(sorted(UNSURE)), AGAIN)), done=None,
                lease=None, holder=None, created=now,
            )
        ).rowcount  # fmt: skip


def account_tokens(db: Database) -> list[Token]:
    with db.reading() as conn:
        rows = conn.execute(
            select(tokens.c.name, tokens.c.expires, tokens.c.refreshing_until).order_by(tokens.c.name)
        )
        return [Token(row.name, row.expires, row.refreshing_until) for row in rows]


def taken(db: Database, now: datetime) -> list[tuple[str, int, int]]:
    """(account, messages of the last hour, of the last day) where a platform limits silently."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    a = allowances.c
    counted = select(a.account, func.count()).group_by(a.account)
    with db.reading() as conn:
        days, hours = ({row[0]: row[1] for row in conn.execute(counted.where(a.at > since))} for since in (day, hour))
    return [(account, hours.get(account, 0), days[account]) for account in sorted(days)]


def _mine(ids: Sequence[int] | None) -> list[ColumnElement[bool]]:
    return [] if ids is None else [persons.c.community.in_(list(ids))]


def _text(body: str | None) -> str:
    """The words of a push, "" when they were erased."""
    if not body:
        return ""
    return str(orjson.loads(body).get("text", ""))
