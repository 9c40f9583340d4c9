"""Random people doing random things to random tickets: no impossible state, no reporter lost, no push twice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from handlers import acting, clockwork
from handlers.policy import Policy
from handlers.read import Read
from handlers.tickets import reach
from handlers.tickets.acts import ACTS
from handlers.tickets.clocks import hands
from handlers.tickets.doing import Args
from handlers.tickets.facts import AccessRefused
from handlers.tickets.limits import Clock
from handlers.tickets.rules import MOVES, OPEN, ROUTES, Action, Status, possible
from handlers.types import Outcome, Role
from storage import people, timers, units
from storage.engine import Database
from storage.ledger import Ledger
from storage.read import Reader
from storage.schema import clock_events, outbox, ticket_units, tickets
from storage.schema import timers as timer_rows
from storage.turns import Turns
from tests.storage.kit import HOME, NOW, nothing, opened
from tests.storage.town import Town, build

_codes = itertools.count(1000)
# what one order or timer may do to a state: the table's own moves, and those of two rows in one breath
STEPS = {(at, to) for (at, _), to in MOVES.items()} | {(s, s) for s in Status}
STEPS |= {
    (Status.RETURN_ASKED, Status.TO_ACCEPT),  # agreed by dispatching anew
    (Status.TO_ACCEPT, Status.TO_DISPATCH),  # nobody took it
    (Status.TO_RATE, Status.TO_DISPATCH),  # reopened, and called back by somebody else
    (Status.MERGED, Status.TO_RATE),
    (Status.MERGED, Status.REJECTED),  # answered with the main one
}


class Place:
    """A town with everybody there is."""

    def __init__(self, db: Database, town: Town) -> None:
        self.db, self.town = db, town
        self.done: Counter[Action] = Counter()
        with db.writing() as conn:
            ledger = Ledger(conn)
            self.unit = units.unit(ledger, "WY-1", "学府物业", "WY")
            self.department = units.unit(ledger, "CG-1", "综合执法", "CG")
            self.street = units.unit(ledger, "JD-1", "街道指挥室", "JD")
            units.area(ledger, self.unit, "estate", town.estate)
            units.area(ledger, self.department, "all")
            units.area(ledger, self.street, "street", street="梧桐街道")
            names = ("报事人", "邻居", "物业甲", "物业乙", "执法", "街道甲", "社区乙")
            self.reporter, self.neighbour, worker, head, officer, command, second = (
                people.person(ledger, name, "", town.community, NOW) for name in names
            )
            units.member(ledger, self.unit, head, Role.HEAD, NOW)
            units.member(ledger, self.unit, worker, Role.MEMBER, NOW)
            units.member(ledger, self.department, officer, Role.MEMBER, NOW)
            units.member(ledger, self.street, command, Role.STREET, NOW)
            people.post(ledger, second, Role.DESK, town.community, NOW)
            ledger.write()
        self.actors = (
            self.reporter, self.neighbour, town.leader, town.deputy, town.desk, town.grid_worker, worker, head,
            officer, command, second,
        )  # fmt: skip


class Life(RuleBasedStateMachine):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place, self.now = place, NOW
        self.turns = Turns(place.db, nothing, Policy())
        self.done: Counter[Action] = place.done
        self.reporters: dict[int, int] = {}
        self.before: dict[int, str] = {}
        for unit, by in ((False, True), (True, False)):
            self._report(unit, "T2", by)

    def teardown(self) -> None:
        self.turns.close(10)
        with self.place.db.writing() as conn:  # the next life begins with nothing
            for table in (timer_rows, clock_events, ticket_units, outbox, tickets):
                conn.execute(table.delete())

    @rule(unit=st.booleans(), level=st.sampled_from(["T0", "T2", "T4"]), by=st.booleans())
    def report(self, unit: bool, level: str, by: bool) -> None:
        self._report(unit, level, by)

    def _report(self, unit: bool, level: str, by: bool) -> None:
        number, town = next(_codes), self.place.town
        reporter = self.place.reporter if by else self.place.neighbour
        fact = opened(
            number, code=f"20260601{number}", community=town.community, micro_grid=town.micro_grid, level=level,
            owner=0 if unit else town.leader, unit=self.place.unit if unit else 0, tier=2 if unit else 0,
            reporter=reporter, place=HOME, due=self.now + timedelta(days=3),
        )  # fmt: skip
        self.turns.run(lambda read: Outcome(facts=(fact,)), self.now, "test").result(10)
        self.reporters[number] = reporter

    @rule(
        action=st.sampled_from(sorted(ACTS)), who=st.integers(0, 10), which=st.integers(0, 5), into=st.integers(0, 5),
        agreed=st.booleans(), minutes=st.integers(0, 600), more=st.sampled_from(["满意", "不满意"]),
        likely=st.integers(0, 30),
    )  # fmt: skip
    def act(
        self, action: Action, who: int, which: int, into: int, agreed: bool, minutes: int, more: str, likely: int
    ) -> None:  # fmt: skip
        self.now += timedelta(minutes=minutes)
        mine = list(self.reporters)
        ticket, place = mine[which % len(mine)], self.place
        action = self._likely(ticket, place.actors[who], likely) or action
        args = Args(
            words="不归我管", until=self.now + timedelta(days=4), to=place.actors[into], agreed=agreed, rating=more,
            unit=(0, place.unit, place.department)[into % 3], units=(place.department, place.unit),
            into=mine[into % len(mine)], category=("0101", "0403")[into % 2], route=sorted(ROUTES)[into], line="110",
            list_basis="清单外",
        )  # fmt: skip
        actor, now = place.actors[who], self.now
        before = self._rows()
        done = self.turns.run(
            lambda read: acting.order(action.name, ticket, args, actor, now, Policy(), read), now, "test", actor
        ).result(10)
        assert done.replies and done.replies[0].text
        if any(isinstance(fact, AccessRefused) for fact in done.facts):
            assert len(done.facts) == 1 and not done.pushed and self._rows() == before
        else:
            self.done[action] += 1
        self._told_once()

    def _likely(self, ticket: int, actor: int, at: int) -> Action | None:
        """Mostly something the table lets this person do, so that lives go on."""

        def question(read: Reader) -> tuple[Action, ...]:
            found, who = read.ticket(ticket), read.person(actor)
            assert found is not None and who is not None
            return tuple(a for a in possible(found.status, reach.parts(who, found, read)) if a in ACTS)

        options = self._ask(question)
        return options[at % len(options)] if options and at < 25 else None

    def _ask(self, question: Callable[[Reader], Any]) -> Any:
        """What a handler would be told, through the machine's own door."""
        answers: list[Any] = []

        def work(read: Read) -> Outcome:
            assert isinstance(read, Reader)
            answers[:] = [question(read)]
            return Outcome()

        self.turns.run(work, self.now, "test").result(10)
        return answers[0]

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for _ in range(4):
            if not timers.fire_due(self.place.db, self.turns, clockwork.fire, Policy(), self.now, 200):
                break
        self._told_once(clock=True)

    def _rows(self) -> dict[int, Any]:
        with self.place.db.reading() as conn:
            found = {row.id: tuple(row) for row in conn.execute(select(tickets))}
            joined = [tuple(row) for row in conn.execute(select(ticket_units).order_by("ticket", "unit"))]
        return {**found, 0: joined}

    def _told_once(self, *, clock: bool = False) -> None:
        """No two pushes of one moment are the same to the same person."""
        with self.place.db.writing() as conn:
            rows = conn.execute(select(outbox.c.person, outbox.c.body, outbox.c.created)).all()
            assert clock or len({(row.person, row.body) for row in rows}) == len(rows)
            conn.execute(outbox.delete())

    @invariant()
    def every_ticket_is_where_it_can_be(self) -> None:
        with self.place.db.reading() as conn:
            rows = {row.id: row for row in conn.execute(select(tickets)) if row.id in self.reporters}
        for ticket, row in rows.items():
            status = Status(row.status)
            was = Status(self.before.get(ticket, status))
            if was is not status:
                assert (was, status) in STEPS or self._through(was, status), (was, status)
            assert row.reporter == self.reporters[ticket]
            assert row.dispatches >= 0 and row.reopened >= 0
            if row.due is None:  # nothing is promised while the clock is held, and only then
                assert status not in OPEN or self._held(ticket)
            else:
                assert row.due >= row.opened
            assert (status is Status.HUNG) == (row.hung_until is not None)
            if status is Status.MERGED:
                assert rows[row.merged_into].status != Status.MERGED.value and row.merged_into != ticket
            if status in (Status.IN_HAND, Status.TO_ACCEPT):
                assert row.owner or row.unit or row.reopened or row.tier >= 2
            self.before[ticket] = row.status

    def _held(self, ticket: int) -> bool:
        events = self._ask(lambda r: r.clock_events(ticket))
        calendar = self._ask(lambda r: r.calendar(self.place.town.community))
        hand = hands(events, calendar).get(Clock.WHOLE)
        return hand is not None and hand.paused

    @staticmethod
    def _through(was: Status, to: Status) -> bool:
        """Several timers may have fired in one wait."""
        return any((was, middle) in STEPS and (middle, to) in STEPS for middle in Status)

    @invariant()
    def clocks_run_forward(self) -> None:
        for ticket in list(self.reporters)[-2:]:
            events = self._ask(lambda r, t=ticket: r.clock_events(t))
            calendar = self._ask(lambda r: r.calendar(self.place.town.community))
            hand = hands(events, calendar).get(Clock.WHOLE)
            assert hand is None or hand.elapsed(int(self.now.timestamp())) >= 0


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database, build(database))


def test_random_lives(place: Place) -> None:
    run_state_machine_as_test(
        lambda: Life(place),
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(place.done) >= 12, place.done  # lives are lived, not only refused
