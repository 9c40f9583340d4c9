"""Orders from clicks, cards and other systems go through the same door and the same table as the chat's."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select

from handlers import acting
from handlers.policy import Policy
from handlers.tickets.doing import Args
from handlers.tickets.rules import Status
from handlers.types import Person
from storage.engine import Database
from storage.people import add_person
from storage.schema import outbox, tickets
from storage.turns import Done
from tests.storage.kit import NOW, at, do, nothing, open_turns, opened, row
from tests.storage.town import Town, build

TICKET = 1


@pytest.fixture
def town(database: Database) -> Town:
    town = build(database)
    do(database, opened(community=town.community, micro_grid=town.micro_grid, owner=town.leader))
    return town


def order(
    db: Database, action: str, actor: int, args: Args | None = None, now: datetime = NOW, ticket: int = TICKET
) -> Done:
    with open_turns(db, nothing) as turns:
        return turns.run(
            lambda read: acting.order(action, ticket, args or Args(), actor, now, Policy(), read),
            now,
            "console",
            actor,
        ).result(10)


def told(db: Database) -> int:
    with db.reading() as conn:
        return int(conn.execute(select(func.count()).select_from(outbox)).scalar_one())


def test_a_click_does_what_the_chat_does(database: Database, town: Town) -> None:
    done = order(database, "ACCEPT", town.leader)
    assert done.replies[0].text.startswith("接单成功，0001")
    assert row(database, tickets).status == Status.IN_HAND
    order(database, "办结", town.leader, Args(words="已换灯泡"))
    assert (row(database, tickets).status, row(database, tickets).result) == (Status.TO_RATE, "已换灯泡")


@pytest.mark.parametrize(
    ("action", "actor", "ticket", "why", "text"),
    [
        ("ACCEPT", "resident", TICKET, "role", "不归您管"),
        ("ACCEPT", "nobody", TICKET, "role", "先登录或认领"),
        ("ACCEPT", "leader", 99, "unknown", "没有这一单"),
        ("FLY", "leader", TICKET, "unknown", "没有「FLY」这个操作"),
        ("SOLVE", "leader", TICKET, "missing", "怎么办好的"),
        ("AGREE_RETURN", "leader", TICKET, "role", "不由您来做"),
        ("AGREE_RETURN", "desk", TICKET, "state", "不能同意退单。现在可以：派单、接单、到场"),
        ("DISPATCH", "desk", TICKET, "missing", "派给谁"),
    ],
)
def test_refused_with_one_sentence_and_a_line_in_the_log(
    database: Database, town: Town, action: str, actor: str, ticket: int, why: str, text: str
) -> None:
    who = {"leader": town.leader, "desk": town.desk, "resident": town.deputy + 100, "nobody": 0}[actor]
    if actor == "resident":
        with database.writing() as conn:
            who = add_person(conn, "王秀英", "", town.community, now=NOW)
    before, pushed = row(database, tickets), told(database)
    done = order(database, action, who, ticket=ticket)
    assert text in done.replies[0].text
    assert [getattr(fact, "why", "") for fact in done.facts] == [why]
    assert (row(database, tickets), told(database)) == (before, pushed)


def test_a_second_click_changes_nothing_and_tells_nobody(database: Database, town: Town) -> None:
    order(database, "ACCEPT", town.leader)
    before, pushed = row(database, tickets), told(database)
    again = order(database, "ACCEPT", town.leader, now=at(1))
    assert "已经接单了" in again.replies[0].text
    assert (row(database, tickets), told(database)) == (before, pushed)


def test_who_acts_is_looked_up_not_believed(database: Database, town: Town) -> None:
    assert Person(town.leader).posts == ()
    assert "接单成功" in order(database, "ACCEPT", town.deputy).replies[0].text
    assert row(database, tickets).owner == town.deputy
