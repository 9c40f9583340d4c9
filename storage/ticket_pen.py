"""How a ticket's row, notes and photos are written; not what a fact does to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, update

from handlers.types import Fact, Media
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import media, notes, tickets
from storage.sql import Prepared

_t = tickets.c
NOW = bindparam("now", type_=Utc())


class Change:
    """An UPDATE of one ticket, over the version that was read or over any."""

    def __init__(self, **values: Any) -> None:
        change = update(tickets).values(changed=NOW, version=_t.version + 1, **values)
        mine = _t.id == bindparam("ticket")
        self._seen = Prepared(change.where(and_(mine, _t.version == bindparam("seen"))))
        self._any = Prepared(change.where(mine))

    def write(self, pen: Pen, ticket: int, **values: Any) -> None:
        seen = pen.reader.seen.get(ticket)
        if seen is None:
            pen.tx.write(self._any, ticket=ticket, now=pen.now, **values)
        else:
            pen.reader.seen[ticket] = seen + 1
            pen.tx.write_once(self._seen, ticket=ticket, now=pen.now, seen=seen, **values)


def given(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_NOTE = Prepared(notes.insert().values(**given("id", "ticket", "person", "at", "kind", "words")), log=True)
_MEDIUM = Prepared(
    media.insert().values(
        **given("id", "ticket", "person", "kind", "ref", "file", "state", "next_at", "at", "of"), attempts=0
    ),
    log=True,
)


def note(pen: Pen, fact: Fact, ticket: int, person: int, words: str, *, always: bool = False) -> None:
    if words or always:
        pen.tx.write(
            _NOTE, id=pen.new_id(), ticket=ticket, person=person, at=pen.now, kind=type(fact).__name__[:16],
            words=words,
        )  # fmt: skip


def keep_media(pen: Pen, ticket: int, person: int, items: Iterable[Media], of: str) -> None:
    for item in items:
        file = item.ref.removeprefix("file:") if item.ref.startswith("file:") else None
        wanted: datetime | None = None if file else pen.now
        pen.tx.write(
            _MEDIUM, id=pen.new_id(), ticket=ticket, person=person, kind=item.kind, ref=item.ref, file=file,
            state="stored" if file else "wanted", next_at=wanted, at=pen.now, of=of,
        )  # fmt: skip
