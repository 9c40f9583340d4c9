"""What was said between a resident and the community about a ticket, with what became of each message sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select

from storage.engine import Database
from storage.schema import identities, notes, outbox, persons, takeovers, tickets

# words of the resident, by the kind of their note
_THEIRS = ("WordsAdded", "TicketUrged", "SolvedAnswered", "TicketRated", "TicketAppealed", "TicketReopened")
MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `ours`: sent by the community; then `state` (waiting sending sent failed), `rung` and `code` say
    what became of it and `done` when.
    """

    at: datetime
    ours: bool
    words: str
    state: str = ""
    rung: str = ""
    code: str = ""
    done: datetime | None = None
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """How much the platform still lets the community say, on the address last used. `left` None: as much as one
    likes.
    """

    channel: str
    followed: bool
    until: datetime | None = None
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody talks with the resident: name and until when without a word."""

    by: int
    name: str
    ticket: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    said: tuple[Said, ...]
    window: Window | None
    held: Held | None


def of_ticket(db: Database, ticket: int, reporter: int, opened: datetime, words: str) -> Conversation:
    """Oldest first, the last 200. `reporter` 0: nobody is there to talk with."""
    with db.reading() as conn:
        n, o = notes.c, outbox.c
        theirs = conn.execute(
            select(n.at, n.words)
            .where(n.ticket == ticket, n.person == reporter, n.kind.in_(_THEIRS), n.words != "")
            .order_by(n.id.desc())
            .limit(MOST)
        ).all()
        ours = conn.execute(
            select(o.created, o.body, o.state, o.rung, o.code, o.done)
            .where(o.ticket == ticket, o.person == reporter)
            .order_by(o.id.desc())
            .limit(MOST)
        ).all()
        said = [Said(opened, False, words), *(Said(row.at, False, row.words) for row in theirs if row.words)]
        for row in ours:
            body = orjson.loads(row.body or "{}")
            photos = sum(kind == "photo" for kind, _ in body.get("media", ()))
            text = body.get("text", "") or "（内容已删除）"
            said.append(Said(row.created, True, text, row.state, row.rung, row.code or "", row.done, photos))
        address = conn.execute(
            select(identities)
            .where(identities.c.person == reporter, identities.c.channel != "page")
            .order_by(identities.c.followed.desc(), identities.c.seen.desc())
            .limit(1)
        ).mappings().first()  # fmt: skip
        taken = conn.execute(
            select(takeovers.c.by, takeovers.c.ticket, takeovers.c.until, persons.c.name)
            .outerjoin(persons, persons.c.id == takeovers.c.by)
            .where(takeovers.c.person == reporter)
        ).first()
    window = None
    if address is not None:
        limited = address["channel"] == "wechat"
        window = Window(
            address["channel"], bool(address["followed"]), address["window_until"] if limited else None,
            address["window_left"] if limited else None,
        )  # fmt: skip
    held = Held(taken.by, taken.name or "同事", taken.ticket, taken.until) if taken else None
    return Conversation(tuple(sorted(said, key=lambda one: one.at)[-MOST:]), window, held)


def reporter_of(db: Database, ticket: int) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(tickets.c.reporter).where(tickets.c.id == ticket)).scalar() or 0)
