"""A push on its way out: what stands in its row, and to which of a person's addresses it goes; claims nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Connection, select

from handlers.addressing import Known, choose
from handlers.announcements import texts
from handlers.announcements.port import Announcement, Audience
from handlers.announcements.rules import Kind
from handlers.announcements.told import KIND, MUSTER
from handlers.types import Choice, Media, Sender
from storage.schema import announcements, communities, identities, persons
from storage.sql import Prepared, each, given
from storage.transaction import Transaction

SHARED = frozenset({KIND, MUSTER})  # kinds of push whose words are those of the announcement `ticket`


def _words(dialect: str) -> Any:
    rows, (number,) = given(dialect, "ids", BigInteger())
    a = announcements.c
    return (
        select(a.id, a.number, a.title, a.words, a.kind, a.muster, a.drill, communities.c.name)
        .join_from(announcements, communities, communities.c.id == a.community, isouter=True)
        .where(a.id.in_(select(number).select_from(rows)))
    )


WORDS = Prepared(each(_words))  # asked with `words_of`, read by `bodies`

UNKNOWN = "unknown"  # its sender died before it could say what became of it
UNSURE = frozenset({UNKNOWN, "timeout", "reset", "http", "not_json"})  # codes after which it may have arrived
AGAIN = "again"  # staff send once more what may have arrived


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
    turn: str = ""  # name of the turn that wrote it, for the log
    unsure: bool = False  # it was sent before, and may have arrived
    again: bool = False  # … and long ago: no channel knows it for the same any more
    paid: bool = False  # one of the window's messages was already taken for it, and is not in window_left
    repeats: int = 0  # how often the same words went to this person within the minutes asked about


def body(text: str, choices: Iterable[Choice] = (), media: Iterable[Media] = ()) -> str:
    """What stands in outbox.body."""
    return orjson.dumps(
        {"text": text, "choices": [[c.label, c.say] for c in choices], "media": [[m.kind, m.ref] for m in media]}
    ).decode()


def addresses_of(conn: Connection, people: set[int]) -> dict[int, list[Any]]:
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


def shared(tx: Transaction, rows: Iterable[tuple[str, int, str]]) -> dict[int, str]:
    """Bodies of announcements, by id; asked for with (kind, ticket, body) of the rows."""
    ids = words_of(rows)
    return bodies(tx.rows(WORDS, ids=ids)) if ids else {}


def words_of(rows: Iterable[tuple[str, int, str]]) -> str:
    """The bind of WORDS for (kind, ticket, body) of the rows; "" when all have words of their own."""
    wanted = {ticket for kind, ticket, said in rows if kind in SHARED and ticket and not said}
    return orjson.dumps([[one] for one in wanted]).decode() if wanted else ""


def bodies(rows: Iterable[Any]) -> dict[int, str]:
    found = {}
    for number, short, title, words, kind, muster, drill, office in rows:
        one = Announcement(
            number, short, 0, 0, title, words, Kind(kind), Audience(()), muster=bool(muster), drill=bool(drill)
        )
        found[number] = body(texts.message(one, office or ""), texts.ANSWER_CHOICES if muster else ())
    return found


def shared_on(conn: Connection, rows: Iterable[Any]) -> dict[int, str]:
    """The same for mappings read on a connection."""
    tx = Transaction(conn.connection.cursor(), conn.dialect.name)
    return shared(tx, ((row["kind"], row["ticket"], row["body"]) for row in rows))


def outgoing(
    row: Any, addresses: dict[int, list[Any]], *, attempts: int, state: str, words: dict[int, str]
) -> Outgoing:  # fmt: skip
    """`words`: what `shared` gave, for rows without words of their own."""
    at = _address(row["kind"], addresses.get(row["person"], []))
    said = orjson.loads(row["body"] or words.get(row["ticket"], "{}"))
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
        turn=row["turn"] or "",
        unsure=row["code"] in UNSURE or row["code"] == AGAIN,
        again=row["code"] == AGAIN,
    )
