"""Compares what residents were told with what the database holds: each message once, whole, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from handlers.texts import RECORDED
from handlers.types import Rank, Sender
from storage import chain
from storage.engine import Database, open_database
from storage.ids import turn_name
from storage.schema import facts, identities, inbox, outbox, tickets
from storage.values import replies_from
from tests.bench.messages import APP_ID
from tests.bench.traffic import YES
from tests.faults.harness import House
from tests.faults.residents import AT_ONCE, Told


@dataclass
class Verdict:
    """How much was looked at, and what is wrong: lost, doubled, reordered or false."""

    seen: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(
        default_factory=lambda: {"lost": [], "doubled": [], "reordered": [], "false": []}
    )

    def blame(self, kind: str, what: object) -> None:
        self.wrong[kind].append(str(what))

    def count(self, kind: str) -> int:
        return len(self.wrong[kind])

    @property
    def clean(self) -> bool:
        return not any(self.wrong.values())


def check(house: House, history: Sequence[Told]) -> Counter[str]:
    """How much was looked at. Raises AssertionError with what is wrong. Expects what `judge` expects."""
    found = judge(house, history)
    assert found.clean, "; ".join(f"{kind} {len(items)}: {items[0]}" for kind, items in found.wrong.items() if items)
    seen = found.seen
    print(f"{seen['messages']} messages, {seen['tickets']} tickets, {seen['pushes']} pushes: 0 lost, 0 doubled")
    return seen


def judge(house: House, history: Sequence[Told]) -> Verdict:
    """Expects scenes of Residents.scene, every message acknowledged, and no process running."""
    db = open_database(house.url, house.key)
    try:
        return _judge(db, history)
    finally:
        db.close()


def _judge(db: Database, history: Sequence[Told]) -> Verdict:
    with db.reading() as conn:
        received = conn.execute(select(inbox).where(inbox.c.channel == "wechat")).all()
        known = conn.execute(select(identities).where(identities.c.channel == "wechat")).all()
        opened = conn.execute(select(tickets)).all()
        pushed = conn.execute(select(outbox)).all()
        logged = conn.execute(select(facts.c.ticket).where(facts.c.kind == "TicketOpened")).scalars().all()
    found = Verdict(Counter(messages=len(received), tickets=len(opened), pushes=len(pushed)))
    written = {told.user for told in history}
    persons = {row.user: row.person for row in known if row.user in written}
    _inbox(found, history, received)
    _answers(found, history, received, pushed)
    if len(set(persons.values())) != len(persons):
        found.blame("false", "two senders became one person")
    if set(persons) != written or {row.account for row in known} > {APP_ID}:
        found.blame("false", "the senders that are known are others")
    _tickets(found, history, persons, opened)
    if Counter(logged) != Counter(row.id for row in opened):
        found.blame("false", "the facts log and the tickets differ")
    _pushes(found, opened, [row for row in pushed if row.ticket])
    chain.verify(db)
    return found


def _inbox(found: Verdict, history: Sequence[Told], received: Sequence[Any]) -> None:
    turns = {(row.user, row.key): row.turn for row in received}
    expected = {(told.user, f"m:{told.id}") for told in history}
    for strange in set(turns) - expected:
        found.blame("false", f"a message nobody sent: {strange}")
    last: dict[str, int] = defaultdict(int)
    for told in history:  # a sender's messages stand in it in the order they were written
        turn = turns.get((told.user, f"m:{told.id}"))
        if turn is None and told.words in AT_ONCE:
            found.seen["unwritten"] += 1  # its answer was all that should come of it; right only after a crash
        elif turn is None:
            found.blame("lost", f"acknowledged and not in the inbox: {told}")
        elif turn < last[told.user]:
            found.blame("reordered", told)
        else:
            last[told.user] = turn


def _answers(found: Verdict, history: Sequence[Told], received: Sequence[Any], pushed: Sequence[Any]) -> None:
    """Copies are answered alike; who heard nothing yet has the answer in the outbox, once."""
    replies = {(row.user, row.key): len(replies_from(row.replies)) for row in received}
    belated = Counter(row.turn for row in pushed)
    for told in history:
        said = {words for words in told.answers if words not in ("", RECORDED)}
        if len(said) > 1:
            found.blame("false", f"copies were answered differently: {told}")
        key = f"m:{told.id}"
        promised = belated[turn_name(Sender("wechat", APP_ID, told.user), key) + "r"]
        if not said and not promised and replies.get((told.user, key)):
            found.blame("lost", f"the answer that was promised: {told}")
        if promised > max(1, replies.get((told.user, key), 0)):
            found.blame("doubled", f"the answer that was promised: {told}")


def _tickets(found: Verdict, history: Sequence[Told], persons: dict[str, int], opened: Sequence[Any]) -> None:
    """Every confirmed report is one ticket, of the one who confirmed, with the words of the report."""
    expected: Counter[tuple[int, str]] = Counter()
    before: dict[str, str] = {}
    for told in history:
        if told.words == YES and told.user in persons:
            expected[persons[told.user], before[told.user]] += 1
        before[told.user] = told.words
    there = Counter((row.reporter, row.words) for row in opened)
    for lost in (expected - there).elements():
        found.blame("lost", f"a ticket: {lost}")
    for made in (there - expected).elements():
        found.blame("doubled", f"a ticket: {made}")
    if max(Counter(row.code for row in opened).values(), default=1) > 1:
        found.blame("doubled", "a ticket's number")


def _pushes(found: Verdict, opened: Sequence[Any], pushed: Sequence[Any]) -> None:
    """The owner of each ticket has its task exactly once, and there is no push without its ticket."""
    owners = {row.id: row.owner for row in opened}
    told = Counter((row.ticket, row.person) for row in pushed if row.rank in (Rank.ALARM, Rank.TASK))
    for ticket, owner in owners.items():
        if owner and told[ticket, owner] != 1:
            found.blame("doubled" if told[ticket, owner] else "lost", f"the task of ticket {ticket}")
    for (ticket, person), _ in told.items():
        if owners.get(ticket) and person != owners[ticket]:
            found.blame("false", f"told to somebody else: {ticket}")
    for ticket in {row.ticket for row in pushed} - set(owners):
        found.blame("false", f"a push about ticket {ticket}, which is not there")
