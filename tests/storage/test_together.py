"""Turns of one transaction: in which order they run, and what the others' doings cost them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from handlers.policy import Policy
from handlers.read import Read
from handlers.residents import facts as f
from handlers.types import Fact, Outcome, Reply, Turn
from nlp.types import NOTHING
from storage import read_people
from storage.engine import Database
from storage.ids import new_id
from storage.turn import Run, run_together
from storage.unit import Done, Item
from tests.storage.kit import NOW, Decide, message, person_of
from tests.storage.town import Town


@contextmanager
def together(db: Database, decide: Decide, said: Sequence[tuple[str, str]]) -> Iterator[list[Done]]:
    """Turns of (sender, intent), whose transaction is undone afterwards."""
    items = [
        Item(message(f"m{at}", user, text=intent), dataclasses.replace(NOTHING, intent=intent), NOW)
        for at, (user, intent) in enumerate(said)
    ]
    connection = db.engine.raw_connection()
    try:
        yield run_together(Run(db, decide, Policy(), new_id), connection.cursor(), items)
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("a 报修, b 进度, c 报修, d 进度, e 报修", "a c e b d"),  # like by like, first come first served among likes
        ("a 进度, b 报修, a 报修", "a b a"),  # a sender's own order counts more
    ],
)
def test_likes_run_together(database: Database, said: str, order: str) -> None:
    ran: list[str] = []

    def decide(turn: Turn, read: Read) -> Outcome:
        ran.append(turn.inbound.sender.user)
        return Outcome((Reply(turn.inbound.key),))

    messages = [(user, intent) for user, intent in (one.split() for one in said.split(", "))]
    with together(database, decide, messages) as done:
        assert [one.replies[0].text for one in done] == [f"m{at}" for at in range(len(messages))]
    assert ran == order.split()


def _facts(person: int, town: Town) -> dict[str, Fact]:
    return {
        "notice": f.NoticeShown(person, 3),
        "community": f.CommunityKnown(person, town.community, town.building),
        "home": f.HomeBound(person, town.households["302"], town.community, "owner", "text"),
        "phone": f.PhoneGiven(person, "13800000000"),
        "name": f.AnonymitySet(person, True),
    }


@pytest.mark.parametrize("what", ["notice", "community", "home", "phone", "name"])
def test_what_happens_to_one_is_seen_and_leaves_the_others_as_they_were_read(
    database: Database, town: Town, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = person_of(database, "a")
    others = [person_of(database, user) for user in "bcd"]
    loaded: list[int] = []
    load = read_people.load_persons
    seen: dict[str, Any] = {}

    def counting(tx: Any, ids: Sequence[int]) -> Any:
        loaded.extend(ids)
        return load(tx, ids)

    def decide(turn: Turn, read: Read) -> Outcome:
        seen[turn.inbound.key] = turn.who
        fact = _facts(turn.who.id, town)[what]
        return Outcome(facts=(fact,) if turn.inbound.key == "m0" else ())

    monkeypatch.setattr(read_people, "load_persons", counting)
    with together(database, decide, [("a", ""), ("b", ""), ("c", ""), ("d", ""), ("a", "")]):
        pass
    assert not set(loaded) & set(others)
    after = seen["m4"]
    assert after != seen["m0"] and after.id == one
    changed = {
        "notice": after.notice == 3,
        "community": after.community == town.community and after.near is not None and after.near.building == "3",
        "home": [home.relation for home in after.homes] == ["owner"],
        "phone": after.phone == "13800000000",
        "name": after.anonymous,
    }
    assert changed[what]
