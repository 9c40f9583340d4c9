"""What storage tests share: messages, tickets, turns with a decide of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, select

from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets.facts import TicketOpened
from handlers.tickets.rules import Status
from handlers.types import Choice, Dialog, Fact, Inbound, Outcome, Push, Rank, Reply, Sender, Turn
from nlp.types import NOTHING, Place
from storage import search_index
from storage.engine import Database
from storage.read import Reader
from storage.turns import Done, Turns

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
HOME = Place(
    community=0, estate=5, estate_name="学府花园", building="3", unit="2", floor="5", room="502",
    label="学府花园3幢2单元502室", confidence=1.0, source="text",
)  # fmt: skip
Decide = Callable[[Turn, Read], Outcome]


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def message(key: str, user: str = "resident", channel: str = "wechat", **more: Any) -> Inbound:
    return Inbound(Sender(channel, "wx1", user), key, NOW, **more)


@contextmanager
def open_turns(db: Database, decide: Decide, **more: Any) -> Iterator[Turns]:
    turns = Turns(db, decide, Policy(), **more)
    try:
        yield turns
    finally:
        turns.close(20)


def nothing(turn: Turn, read: Read) -> Outcome:
    return Outcome()


def do(db: Database, *facts: Fact, now: datetime = NOW, decide: Decide = nothing) -> Done:
    """Facts happen in one transaction."""
    with open_turns(db, decide) as turns:
        return turns.run(lambda read: Outcome(facts=facts), now, "test").result(10)


def say(db: Database, inbound: Inbound, decide: Decide = nothing, now: datetime = NOW) -> Done:
    with open_turns(db, decide) as turns:
        return turns.submit(inbound, NOTHING, now).result(10)


def asked(db: Database, question: Callable[[Reader], Any], now: datetime = NOW) -> Any:
    """What a handler would be told."""
    answers = []

    def work(read: Read) -> Outcome:
        assert isinstance(read, Reader)
        answers[:] = [question(read)]
        return Outcome()

    with open_turns(db, nothing) as turns:
        turns.run(work, now, "test").result(10)
    return answers[0]


def indexed(db: Database) -> int:
    """Put what happened into the search index, as the job does step by step; how many tickets."""
    return sum(iter(lambda: search_index.step(db), None))


def opened(ticket: int = 1, **more: Any) -> TicketOpened:
    fact = TicketOpened(
        ticket=ticket, code=f"20260601{ticket:04d}", community=0, micro_grid=0, reporter=100, category="0201",
        level="T2", urgency="normal", kind="求助", status=Status.TO_ACCEPT, owner=200, place=HOME,
        words="楼道灯坏了", summary="楼道灯坏了", source="wechat", accept_by=at(120), due=at(600),
    )  # fmt: skip
    return replace(fact, **more)


def rows(db: Database, table: Table, *where: Any) -> Sequence[Any]:
    with db.reading() as conn:
        return conn.execute(select(table).where(*where).order_by(*table.primary_key.columns)).all()


def row(db: Database, table: Table, *where: Any) -> Any:
    found = rows(db, table, *where)
    assert len(found) == 1, found
    return found[0]


def take(turn: Turn, read: Read) -> Outcome:
    """Opens a ticket and tells somebody, whatever is said."""
    ticket = read.new_id()
    code = read.ticket_code(turn.now.date())
    return Outcome(
        (Reply(f"收到 {code}", (Choice("好", "确认"),), "/m/x"),),
        (opened(ticket, code=code, reporter=turn.who.id),),
        (Push(turn.who.id, "有人看了", "progress", Rank.NOTICE, ticket),),
        Dialog("rating", {"ticket": ticket}, (Choice("满意"),), turn.now, 1),
    )


def person_of(database: Database, user: str = "resident") -> int:
    return say(database, message(f"first-{user}", user)).person
