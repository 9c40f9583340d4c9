"""Answers asked ahead for a whole batch: as if asked in the turn, and not asked again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from handlers import forms
from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import NoticeShown
from handlers.tickets.facts import TicketFollowed, TicketWithdrawn
from handlers.tickets.facts_chain import LeaveTaken
from handlers.types import Dialog, Fact, Outcome, Turn
from nlp.types import NOTHING, PlaceReading, Understanding
from storage.engine import Database, open_database
from storage.ids import new_id
from storage.numbers import NEXT, Counted, Numbers
from storage.transaction import Transaction, written
from storage.turn import Run, run_together
from storage.unit import Item
from tests.conftest import SECRET
from tests.storage.kit import HOME, NOW, Decide, do, message, opened, person_of, say
from tests.storage.town import Town

PLACE = replace(HOME, community=10)
_DAY = NOW.date()
_DRAFT = {"category": "0201", "place": forms.place_json(PLACE)}
_DIALOG = Dialog("report", {"waits": "confirm", "matters": [_DRAFT], "media": [], "pin": None}, since=NOW)
SAID = {
    "progress": replace(NOTHING, intent="query_progress"),
    "begin": replace(NOTHING, intent="report_issue", category="0201", place=PlaceReading(found=(PLACE,))),
    "yes": replace(NOTHING, yes=True),
}
ASKS: dict[str, Callable[[Turn, Read], Any]] = {
    "reports": lambda turn, read: [ticket.id for ticket in read.reports_of(turn.who.id, 5)],
    "count": lambda turn, read: read.open_count(turn.who.id),
    "near": lambda turn, read: [
        ticket.id
        for ticket in read.open_near("0201", PLACE, None, 50, NOW - timedelta(days=turn.policy.near_days))
    ],
    "again": lambda turn, read: read.recurring("0201", PLACE, NOW - timedelta(days=turn.policy.recur_days)),
    "away": lambda turn, read: read.away(read.duty(PLACE).leader, _DAY),
}  # fmt: skip


def batch(database: Database, decide: Decide, *said: tuple[str, Understanding]) -> None:
    """One transaction, which is undone afterwards."""
    items = [Item(message(f"k{at}", user), words, NOW) for at, (user, words) in enumerate(said)]
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("BEGIN" if not database.postgresql else "SELECT 1")
        run_together(Run(database, decide, Policy(), new_id), cursor, items)
    finally:
        connection.rollback()
        connection.close()


@dataclass
class Hall:
    """A ticket, and `b`, who has never reported anything and has a draft to confirm."""

    database: Database
    questions: int = 0  # that went to the database

    def told(
        self, said: str, ask: str, fact: Callable[[int], Fact] | None = None, user: str = "b"
    ) -> tuple[Any, int]:
        """What is answered, and with how many questions, after a fact about `b` in the same transaction."""
        who = person_of(self.database, "b")
        found: list[Any] = []

        def decide(turn: Turn, read: Read) -> Outcome:
            if turn.inbound.key == "k1":
                if said != "yes":  # of a draft's place it is known ahead too
                    read.duty(PLACE)
                before = self.questions
                found[:] = [ASKS[ask](turn, read), self.questions - before]
            return Outcome(facts=(fact(who),) if fact and turn.inbound.key == "k0" else ())

        batch(self.database, decide, ("a", NOTHING), (user, SAID[said]), ("a", NOTHING))  # they run as they came
        return found[0], found[1]


@pytest.fixture
def hall(database: Database, town: Town, monkeypatch: pytest.MonkeyPatch) -> Hall:
    do(database, opened(1))
    say(database, message("draft", "b"), lambda turn, read: Outcome(dialog=_DIALOG))
    hall = Hall(database)
    ask = Transaction._asked

    def counted(self: Transaction, *asked: Any) -> Any:
        hall.questions += 1
        return ask(self, *asked)

    monkeypatch.setattr(Transaction, "_asked", counted)
    return hall


def _new(**more: Any) -> Callable[[int], Fact]:
    return lambda _: opened(2, code="202606010002", **more)


@pytest.mark.parametrize(
    ("said", "ask", "fact", "before", "after"),
    [
        ("progress", "reports", lambda who: TicketFollowed(1, who), [], [1]),
        ("progress", "reports", lambda who: opened(2, code="202606010002", reporter=who), [], [2]),
        ("progress", "reports", lambda who: opened(2, code="202606010002", proxy_for=who), [], [2]),
        ("begin", "count", lambda who: opened(2, code="202606010002", reporter=who), 0, 1),
        ("begin", "near", _new(), [1], [2, 1]),
        ("begin", "near", lambda _: TicketWithdrawn(1, 100, kept=False), [1], []),
        ("yes", "again", _new(), (1, 0), (2, 0)),
        ("yes", "away", lambda _: LeaveTaken(40, _DAY, _DAY), False, True),
    ],
)
def test_what_happened_earlier_in_the_batch_is_seen(
    hall: Hall, said: str, ask: str, fact: Callable[[int], Fact], before: Any, after: Any
) -> None:
    assert hall.told(said, ask) == (before, 0)
    assert hall.told(said, ask, fact) == (after, 1)


@pytest.mark.parametrize(
    ("said", "ask", "fact", "told"),
    [
        ("yes", "again", _new(category="0203"), (1, 0)),
        ("begin", "near", _new(place=replace(HOME, building="7")), [1]),
        ("begin", "count", lambda who: NoticeShown(who, 3), 0),
    ],
)
def test_what_others_do_elsewhere_costs_no_question(
    hall: Hall, said: str, ask: str, fact: Callable[[int], Fact], told: Any
) -> None:
    assert hall.told(said, ask, fact) == (told, 0)


@pytest.mark.parametrize(("said", "ask", "told"), [("progress", "reports", []), ("begin", "count", 0)])
def test_of_somebody_new_nothing_is_asked(hall: Hall, said: str, ask: str, told: Any) -> None:
    assert hall.told(said, ask, user="new") == (told, 0)


def test_numbers_taken_together_are_nobody_elses(database: Database, database_url: str) -> None:
    second = open_database(database_url, SECRET)

    def numbered(db: Database, several: int) -> list[int]:
        """Two more than were expected."""
        with written(db) as tx:
            numbers = Numbers(db) if db.postgresql else Counted(tx, NEXT)
            numbers.expect("code", several)
            found = [numbers("code") for _ in range(several + 2)]
            numbers.settle()
            numbers.close()
        return found

    with ThreadPoolExecutor(2) as both:
        lists = list(both.map(numbered, [database, second] * 4, range(1, 9)))
    second.close()
    assert sorted(number for one in lists for number in one) == list(range(1, 53))
    assert all(one == sorted(one) for one in lists)
