"""The sample community in a database, and people who talk to it and are answered at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from handlers import router
from handlers.points.facts import PointsEarned
from handlers.policy import Policy
from handlers.types import Inbound, Outcome, Role, Sender
from nlp import understand
from storage import ledger_audit, people, sample
from storage.engine import Database
from storage.places import load_register
from storage.schema import homes, posts
from storage.turns import Turns
from tests.storage.kit import NOW, asked


class Town:
    """The sample community; `says` gives what was answered."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.made = sample.seed(db, now=NOW)
        self.people = self.made.people
        self.turns = Turns(db, router.decide, Policy(), threads=1)
        self.keys = itertools.count(1)
        with db.reading() as conn:
            self.register = load_register(conn)
            role = (posts.c.role == Role.DESK.value, posts.c.scope == self.made.communities[0])
            desks = list(conn.execute(select(posts.c.person).where(*role).order_by(posts.c.id)).scalars())
            self.home = conn.execute(
                select(homes.c.household).where(homes.c.person == self.people["resident"])
            ).scalar_one()
        with db.writing() as conn:
            people.link_identity(conn, desks[1], Sender("webchat", "-", "desk2"), NOW)
            self.add_home = lambda person: people.add_home(conn, person, self.home, "family", "desk", now=NOW)
            self.add_home(self.people["neighbour"])

    def says(self, user: str, words: str) -> str:
        inbound = Inbound(Sender("webchat", "-", user), str(next(self.keys)), NOW, words)
        done = self.turns.submit(inbound, understand(words, self.register, now=NOW), NOW).result(20)
        lines = [*(r.text + r.link for r in done.replies), *(c.label for r in done.replies for c in r.choices)]
        return "\n".join(lines)

    def give(self, points: int, once: str = "seed") -> None:
        who, where = self.people["resident"], self.made.communities[0]
        fact = PointsEarned(points, who, where, "ZZ01", 1, points, once)
        self.turns.run(lambda read: Outcome(facts=(fact,)), NOW, "test").result(20)

    @property
    def balance(self) -> int:
        return int(asked(self.db, lambda read: read.points_account(self.people["resident"])).balance)


@pytest.fixture
def town(sampled: Database) -> Iterator[Town]:
    found = Town(sampled)
    yield found
    found.turns.close(20)
    assert ledger_audit.findings(sampled) == []
