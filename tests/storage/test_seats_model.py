"""A model of seats beside the real ones: whatever people do in whatever order, both say the same of everybody."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from handlers import clockwork
from handlers.policy import Policy
from storage.engine import Database
from storage.timers import fire_due
from storage.turns import Turns
from tests.storage.kit import NOTHING, NOW, message
from tests.storage.volunteers import STARTS, check, commands, opened, standing

SEATS = (3, 2)
PEOPLE = 7
POLICY = Policy(quiet_from_hour=0, quiet_to_hour=0)


@dataclass
class Wait:
    """One sign-up of the model. `until`: an offer is good until then."""

    user: int
    post: int
    people: int
    state: str  # seated offered waiting
    until: Any = None


class Model:
    """The rules of seats in the plainest words; a list is a list."""

    def __init__(self) -> None:
        self.all: list[Wait] = []  # in the order they signed up
        self.now = NOW

    def free(self, post: int) -> int:
        return SEATS[post] - sum(one.people for one in self.all if one.post == post and one.state != "waiting")

    def of(self, user: int) -> Wait | None:
        return next((one for one in self.all if one.user == user), None)

    def join(self, user: int, post: int, people: int) -> None:
        if self.of(user) is None:
            queued = any(one.post == post and one.state == "waiting" for one in self.all)
            seated = not queued and self.free(post) >= people
            self.all.append(Wait(user, post, people, "seated" if seated else "waiting"))

    def leave(self, user: int) -> None:
        if (mine := self.of(user)) is not None:
            self.all.remove(mine)
            self.promote(mine.post)

    def promote(self, post: int) -> None:
        for one in self.all:
            if one.post == post and one.state == "waiting":
                if one.people > self.free(post):
                    break
                one.state, one.until = "offered", self.now + timedelta(hours=2)

    def answer(self, user: int, yes: bool) -> None:
        mine = self.of(user)
        if mine and mine.state == "offered" and mine.until > self.now:
            if yes:
                mine.state, mine.until = "seated", None
            else:
                self.leave(user)

    def wait(self, hours: int) -> None:
        """Offers that end while time goes by end in the order of their ends."""
        self.now += timedelta(hours=hours)
        for one in sorted((o for o in self.all if o.until and o.until <= self.now), key=lambda o: o.until):
            self.leave(one.user)


class Seats(RuleBasedStateMachine):
    database: Database

    @initialize()
    def start(self) -> None:
        self.model = Model()
        self.activity = opened(self.database, *SEATS)
        self.turns = Turns(self.database, commands(self.activity.id), POLICY)
        self.keys = itertools.count()
        self.last: Any = None

    def say(self, user: int, words: str) -> None:
        inbound = message(f"{self.activity.id}-{next(self.keys)}", f"user{user}-{self.activity.id}", text=words)
        self.last = inbound
        self.turns.submit(inbound, NOTHING, self.model.now).result(20)

    @rule(user=st.integers(0, PEOPLE - 1), post=st.integers(0, 1), people=st.integers(1, 2))
    def join(self, user: int, post: int, people: int) -> None:
        self.say(user, f"join {post} {people}")
        self.model.join(user, post, people)

    @rule(user=st.integers(0, PEOPLE - 1))
    def leave(self, user: int) -> None:
        self.say(user, "leave")
        self.model.leave(user)

    @rule(user=st.integers(0, PEOPLE - 1), yes=st.booleans())
    def answer(self, user: int, yes: bool) -> None:
        self.say(user, "yes" if yes else "no")
        self.model.answer(user, yes)

    @precondition(lambda self: self.last is not None)
    @rule()
    def a_copy_comes(self) -> None:
        assert self.turns.submit(self.last, NOTHING, self.model.now).result(20).copy

    @precondition(lambda self: self.model.now < STARTS - timedelta(hours=8))
    @rule(hours=st.integers(1, 3))
    def time_goes_by(self, hours: int) -> None:
        self.model.wait(hours)
        for _ in range(4):  # what lapses frees seats for the next
            fire_due(self.database, self.turns, clockwork.fire, POLICY, self.model.now, 50)

    @invariant()
    def both_say_the_same(self) -> None:
        posts = {station.id: at for at, station in enumerate(self.activity.stations)}
        live = [
            row for row in standing(self.database, self.activity) if row.status in ("seated", "offered", "waiting")
        ]
        real = [(posts[row.station], row.people, row.status, row.until) for row in live]
        assert real == [(one.post, one.people, one.state, one.until) for one in self.model.all]
        check(self.database, self.activity)

    def teardown(self) -> None:
        if hasattr(self, "turns"):
            self.turns.close(20)


def test_seats_are_as_the_model_says(database: Database, database_kind: str) -> None:
    class OnThis(Seats):
        pass

    OnThis.database = database
    few = settings(
        max_examples=15 if database_kind == "sqlite" else 8, stateful_step_count=30, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(OnThis, settings=few)
