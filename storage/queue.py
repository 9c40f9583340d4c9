"""The outbox: what waits to be sent, taken in order and with a lease; not how it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from handlers.addressing import Known, choose
from handlers.types import Choice, Media, Rank, Sender
from storage.engine import Database
from storage.schema import identities, outbox, persons

_WAITING: ColumnElement[str] = literal_column("'waiting'")  # written out, so that the partial indexes are used
_SENDING: ColumnElement[str] = literal_column("'sending'")
_FAILED: ColumnElement[str] = literal_column("'failed'")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One push. `sender`: the person's address by the table of handlers/addressing.py, None without one.

    `window_until`, `window_left`: until when and how many customer-service messages the platform still takes.
    """

    id: int
    person: int
    sender: Sender | None
    text: str
    choices: tuple[Choice, ...]
    kind: str
    rank: int
    ticket: int
    media: tuple[Media, ...]
    attempts: int
    created: datetime
    window_until: datetime | None
    window_left: int
    state: str = "sending"
    link: str = ""  # address of the page that belongs to it, whole


def body(text: str, choices: Iterable[Choice] = (), media: Iterable[Media] = ()) -> str:
    """What stands in outbox.body."""
    return orjson.dumps(
        {"text": text, "choices": [[c.label, c.say] for c in choices], "media": [[m.kind, m.ref] for m in media]}
    ).decode()


def claim(
    db: Database, now: datetime, limit: int, holder: str, lease_seconds: float, *, quiet: bool
) -> list[Outgoing]:
    """Take up to `limit` pushes, most pressing first, at most one a person: the next only after it is done.

    A push waits behind an earlier or more pressing one of the same person, also while that one waits to be
    tried again. `quiet`: only ALARM and REPLY leave. A claim not settled within the lease is released
    (`release_expired`) and sent again: at least once, never lost.
    """
    mine, other = outbox.alias("mine"), outbox.alias("other")
    ahead = exists().where(
        other.c.person == mine.c.person,
        literal_column("other.state IN ('waiting', 'sending')"),
        or_(
            other.c.state == _SENDING,
            other.c.rank < mine.c.rank,
            and_(other.c.rank == mine.c.rank, other.c.id < mine.c.id),
        ),
    )
    found = (
        select(mine)
        .where(mine.c.state == _WAITING, mine.c.next_at <= now, ~ahead)
        .order_by(mine.c.rank, mine.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=mine)
    )
    if quiet:
        found = found.where(mine.c.rank <= int(Rank.REPLY))
    with db.reading() as conn:  # nothing due is the usual answer, and needs no writer
        if (
            conn.execute(select(mine.c.id).where(mine.c.state == _WAITING, mine.c.next_at <= now).limit(1)).first()
            is None
        ):
            return []
    with db.writing() as conn:
        rows = conn.execute(found).mappings().all()
        if not rows:
            return []
        conn.execute(
            update(outbox)
            .where(outbox.c.id.in_([row["id"] for row in rows]))
            .values(
                state="sending",
                holder=holder,
                lease=now + timedelta(seconds=lease_seconds),
                attempts=outbox.c.attempts + 1,
            )
        )
        addresses = _addresses(conn, {row["person"] for row in rows})
        return [_outgoing(row, addresses, attempts=row["attempts"] + 1, state="sending") for row in rows]


def sent(db: Database, ids: Sequence[int], rung: str, now: datetime) -> None:
    """`rung`: how it went (passive service template …)."""
    _settle(db, outbox.c.id.in_(list(ids)), state="sent", rung=rung, done=now, code=None)


def retry(db: Database, id: int, at: datetime, code: str) -> None:  # noqa: A002 - the name of the column
    _settle(db, outbox.c.id == id, state="waiting", next_at=at, code=code[:32])


def failed(db: Database, id: int, code: str, now: datetime) -> None:  # noqa: A002 - the name of the column
    _settle(db, outbox.c.id == id, state="failed", done=now, code=code[:32])


def release_expired(db: Database, now: datetime) -> int:
    """Claims whose holder died wait again. Returns how many."""
    return _settle(db, and_(outbox.c.state == _SENDING, outbox.c.lease < now), state="waiting")


def drop_stale(db: Database, now: datetime, hours: float) -> int:
    """What waited longer than `hours` is not worth sending any more. Returns how many."""
    old = and_(outbox.c.state == _WAITING, outbox.c.created < now - timedelta(hours=hours))
    return _settle(db, old, state="failed", code="stale", done=now)


def depth(db: Database) -> dict[str, int]:
    """How many are waiting, sending and failed."""
    with db.reading() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(outbox).where(outbox.c.state == state)).scalar_one()
            for name, state in (("waiting", _WAITING), ("sending", _SENDING), ("failed", _FAILED))
        }


def oldest(db: Database) -> datetime | None:
    """When the oldest waiting push was written."""
    with db.reading() as conn:
        return conn.execute(select(func.min(outbox.c.created)).where(outbox.c.state == _WAITING)).scalar()


def spend_window(db: Database, sender: Sender, now: datetime | None = None) -> bool:
    """Take one of the customer-service messages the platform allows (wechat.md §6); False when none is left."""
    one = and_(
        identities.c.channel == sender.channel,
        identities.c.account == sender.account,
        identities.c.user == sender.user,
        identities.c.window_left > 0,
        identities.c.window_until > (now or datetime.now(UTC)),
    )
    with db.writing() as conn:
        return (
            conn.execute(update(identities).where(one).values(window_left=identities.c.window_left - 1)).rowcount > 0
        )


def behind(db: Database, person: int, limit: int) -> list[Outgoing]:
    """What else waits for a person and is no alarm, oldest first: to be sent together with another."""
    wanted = select(outbox).where(
        outbox.c.person == person, outbox.c.state == _WAITING, outbox.c.rank > int(Rank.ALARM)
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(outbox.c.id).limit(limit)).mappings().all()
        addresses = _addresses(conn, {person})
        return [_outgoing(row, addresses, attempts=row["attempts"], state=row["state"]) for row in rows]


def waiting_for(db: Database, person: int, after_id: int, limit: int) -> list[Outgoing]:
    """A person's pushes after an id, oldest first, sent or not: the history of the web chat."""
    wanted = select(outbox).where(outbox.c.person == person, outbox.c.id > after_id, outbox.c.state != _FAILED)
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(outbox.c.id).limit(limit)).mappings().all()
        addresses = _addresses(conn, {person})
        return [_outgoing(row, addresses, attempts=row["attempts"], state=row["state"]) for row in rows]


def _settle(db: Database, which: ColumnElement[bool], **values: Any) -> int:
    with db.writing() as conn:
        return conn.execute(update(outbox).where(which).values(lease=None, holder=None, **values)).rowcount


def _addresses(conn: Connection, people: set[int]) -> dict[int, list[Any]]:
    """Every followed address of each person, last seen last, with the channel the person wishes for."""
    wanted = (
        select(identities, persons.c.prefers)
        .join(persons, persons.c.id == identities.c.person)
        .where(identities.c.person.in_(people), identities.c.followed.is_(True))
        .order_by(identities.c.seen)
    )
    found: dict[int, list[Any]] = {}
    for row in conn.execute(wanted).mappings():
        found.setdefault(row["person"], []).append(row)
    return found


def _address(kind: str, rows: list[Any]) -> Any:
    if len(rows) < 2:
        return rows[0] if rows else None
    return rows[choose(kind, [Known(row["channel"], row["seen"]) for row in rows], rows[0]["prefers"] or "")]


def _outgoing(row: Any, addresses: dict[int, list[Any]], *, attempts: int, state: str) -> Outgoing:
    at = _address(row["kind"], addresses.get(row["person"], []))
    said = orjson.loads(row["body"] or "{}")
    return Outgoing(
        id=row["id"],
        person=row["person"],
        sender=Sender(at["channel"], at["account"], at["user"]) if at else None,
        text=said.get("text", ""),
        choices=tuple(Choice(*pair) for pair in said.get("choices", ())),
        kind=row["kind"],
        rank=row["rank"],
        ticket=row["ticket"],
        media=tuple(Media(*pair) for pair in said.get("media", ())),
        attempts=attempts,
        created=row["created"],
        window_until=at["window_until"] if at else None,
        window_left=at["window_left"] if at else 0,
        state=state,
    )
