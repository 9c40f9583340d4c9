"""Compares what residents were told with what the database holds: each message once, whole, in order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from handlers.types import Rank
from storage.engine import Database, open_database
from storage.schema import facts, identities, inbox, outbox, tickets
from tests.bench.messages import APP_ID
from tests.bench.traffic import YES
from tests.faults.harness import House, Told


def check(house: House, history: Sequence[Told]) -> Counter[str]:
    """How much was looked at. Raises AssertionError with the first thing that is wrong.

    Expects scenes of Residents.scene, every message acknowledged, and no process running.
    """
    db = open_database(house.url, house.key)
    try:
        return _check(db, history)
    finally:
        db.close()


def _check(db: Database, history: Sequence[Told]) -> Counter[str]:
    with db.reading() as conn:
        received = conn.execute(select(inbox).where(inbox.c.channel == "wechat")).all()
        known = conn.execute(select(identities).where(identities.c.channel == "wechat")).all()
        opened = conn.execute(select(tickets)).all()
        pushed = conn.execute(select(outbox).where(outbox.c.ticket != 0)).all()
        logged = conn.execute(select(facts.c.ticket).where(facts.c.kind == "TicketOpened")).scalars().all()
    _inbox(history, received)
    _answers(history)
    persons = {row.user: row.person for row in known}
    assert len(set(persons.values())) == len(persons), "two senders became one person"
    assert set(persons) == {told.user for told in history}
    assert {row.account for row in known} <= {APP_ID}
    _tickets(history, persons, opened)
    assert Counter(logged) == Counter(row.id for row in opened), "the facts log and the tickets differ"
    _pushes(opened, pushed)
    print(f"{db.dialect}: {len(received)} messages, {len(opened)} tickets, {len(pushed)} pushes: 0 lost, 0 doubled")
    return Counter(messages=len(received), tickets=len(opened), pushes=len(pushed))


def _inbox(history: Sequence[Told], received: Sequence[Any]) -> None:
    turns = {(row.user, row.key): row.turn for row in received}
    expected = {(told.user, f"m:{told.id}") for told in history}
    assert set(turns) - expected == set(), "messages nobody sent"
    lost = [told for told in history if (told.user, f"m:{told.id}") not in turns]
    assert not lost, f"{len(lost)} acknowledged messages are not in the inbox, the first: {lost[0]}"
    last: dict[str, int] = defaultdict(int)
    for told in history:  # a sender's messages stand in it in the order they were written
        turn = turns[told.user, f"m:{told.id}"]
        assert turn > last[told.user], f"taken out of order: {told}"
        last[told.user] = turn


def _answers(history: Sequence[Told]) -> None:
    for told in history:
        said = {words for words in told.answers if words}  # `success`: the answer came by the outbox
        assert len(said) <= 1, f"copies were answered differently: {told}"


def _tickets(history: Sequence[Told], persons: dict[str, int], opened: Sequence[Any]) -> None:
    """Every confirmed report is one ticket, of the one who confirmed, with the words of the report."""
    expected: Counter[tuple[int, str]] = Counter()
    before: dict[str, str] = {}
    for told in history:
        if told.words == YES:
            expected[persons[told.user], before[told.user]] += 1
        before[told.user] = told.words
    found = Counter((row.reporter, row.words) for row in opened)
    assert not expected - found, f"lost: {list((expected - found).elements())[:3]}"
    assert not found - expected, f"doubled or made up: {list((found - expected).elements())[:3]}"
    codes = Counter(row.code for row in opened)
    assert max(codes.values(), default=1) == 1, "two tickets have one number"


def _pushes(opened: Sequence[Any], pushed: Sequence[Any]) -> None:
    """The owner of each ticket has its task exactly once, and there is no push without its ticket."""
    owners = {row.id: row.owner for row in opened}
    told = Counter((row.ticket, row.person) for row in pushed if row.rank in (Rank.ALARM, Rank.TASK))
    for ticket, owner in owners.items():
        if owner:
            assert told[ticket, owner] == 1, f"ticket {ticket}: {told[ticket, owner]} tasks for its owner"
    assert {row.ticket for row in pushed} <= set(owners), "a push about a ticket that is not there"
    strange = {
        ticket: count for (ticket, person), count in told.items() if owners[ticket] and person != owners[ticket]
    }
    assert not strange, f"told to somebody else: {strange}"
