"""Tickets of two communities on which things happen; the sums brought up to now and held against the direct count."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from sqlalchemy import insert

from handlers.policy import Policy
from handlers.tickets.numbers import KPIS, Case, numbers, trace
from handlers.types import Fact, Outcome
from storage import chain, numbers_view, tallied, tally
from storage.engine import Database
from storage.land import add_community
from storage.schema import persons, posts, tickets
from storage.tallied import Asked
from storage.turns import Turns
from tests.storage.kit import NOW, nothing, opened, rows

EVER = (date(2026, 1, 1), date(2030, 1, 1))


def leader(db: Database) -> None:
    """Person 200 holds a post."""
    with db.writing() as conn:
        conn.execute(insert(persons).values(id=200, created=NOW))
        conn.execute(insert(posts).values(id=1, person=200, role="leader", scope=7, since=NOW))


def settle(db: Database, now: datetime, limit: int = 2000) -> None:
    """Until everything that happened is in the sums."""
    while chain.seal(db):
        pass
    while tally.follow(db, now, limit):
        pass


def agree(db: Database, ours: tuple[int, ...] | None, now: datetime) -> None:
    """Every indicator and every list behind it: kept and counted directly."""
    asked = Asked(ours, *EVER)
    where = {row.id: row.community or 0 for row in rows(db, tickets)}
    direct = numbers_view.cases(db, ours, NOW - timedelta(days=100), NOW + timedelta(days=1000), now)
    assert tallied.whole(db, asked) == numbers(direct)
    for kpi in KPIS:
        behind = tallied.behind(db, asked, kpi.key, "whole", limit=1000)
        expected = {case.id: (part, whole) for case, part, whole in trace(kpi.key, direct)}
        assert {one.ticket: (one.part, one.whole) for one in behind} == expected
        assert {one.ticket for one in tallied.behind(db, asked, kpi.key, "part", limit=1000)} == {
            ticket for ticket, (part, _) in expected.items() if part
        }
    for of in tallied.GROUPS:
        found = tallied.by_group(db, asked, of)
        expected_groups: dict[str, list[Case]] = {}
        for case in direct:
            key = str({"community": where[case.id]}.get(of, getattr(case, of, 0)))
            if key != "0" or of != "unit":
                expected_groups.setdefault(key, []).append(case)
        assert {key: said.rates for key, said in found} == {
            key: numbers(cases).rates for key, cases in expected_groups.items()
        }


class Town:
    """Tickets of two communities and of nobody's, on which things happen."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.writing() as conn:
            self.ours = tuple(add_community(conn, f"33048300100{n}", f"社区{n}") for n in (1, 2))
        self.ids = itertools.count(1)
        self.turns = Turns(db, nothing, Policy())
        self.now = NOW  # never goes back: what was judged once may have changed since

    def happen(self, now: datetime, *happened: Fact) -> None:
        self.turns.run(lambda read: Outcome(facts=happened), now, "test", 200).result(10)

    def new(self, now: datetime) -> list[int]:
        made = [next(self.ids) for _ in range(4)]
        where = (*self.ours, self.ours[0], 0)
        for ticket, community in zip(made, where, strict=True):
            more = {"category": "0302" if ticket % 3 else "0201", "owner": 200 + ticket % 2}
            self.happen(now, opened(ticket, community=community, due=now + timedelta(days=3), **more))
        return made
