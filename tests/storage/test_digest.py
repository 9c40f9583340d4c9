"""What the digests ask, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from handlers.read import Read
from handlers.tickets.digest_port import Tally
from handlers.types import Outcome, Push, Rank, Role
from storage import digests, queue
from storage.engine import Database
from storage.looking import looking
from storage.schema import identities
from tests.storage.kit import at, do, nothing, open_turns, opened
from tests.storage.town import build

DAY_END = at(15 * 60)


def test_counts_and_the_most_pressing(database: Database) -> None:
    town = build(database)
    do(
        database,
        opened(1, community=town.community, due=at(-30)),
        opened(2, community=town.community, due=at(60), level="T1"),
        opened(3, community=town.community, due=at(6000), status="待派单", owner=0),
        opened(4, community=town.community, due=None, status="已办结"),
        opened(5, due=at(60)),
    )
    with looking(database, at(0)) as read:
        found = read.tally(Role.DESK, town.community, at(-600), DAY_END, at(0))
        pressing = read.pressing(Role.DESK, town.community, 2)
        assert read.tally(Role.STREET, 1, at(-600), DAY_END, at(0)) == Tally()
        assert read.tally(Role.HEAD, 1, at(-600), DAY_END, at(0)) == Tally()
        assert read.pressing(Role.STREET, 1, 2) == read.pressing(Role.HEAD, 1, 2) == ()
    assert found == Tally(open=3, late=1, today=1, waiting=3, asked=0, danger=1, new=4, solved=0)
    assert [ticket.id for ticket in pressing] == [1, 2]


def test_the_unread_and_who_is_due(database: Database) -> None:
    town = build(database)
    with database.writing() as conn:
        for person, user in ((town.leader, "leader"), (town.desk, "desk")):
            conn.execute(
                insert(identities).values(
                    channel="wecom", account="ww1", user=user, person=person, followed=True, seen=at(0), window_left=0
                )
            )  # fmt: skip
    do(database, opened(1, community=town.community, owner=town.leader))

    def pushed(_: Read) -> Outcome:
        return Outcome(pushes=(Push(town.leader, "新任务", "task", Rank.TASK, 1),))

    with open_turns(database, nothing) as turns:
        turns.run(pushed, at(1), "test").result(10)
    assert digests.due(database, "reminder", at(0)) == []  # not sent yet: nothing to have read
    [row] = queue.claim(database, at(1), 5, "me", 60, quiet=False)
    queue.sent(database, [row.id], "card", at(2))
    assert digests.due(database, "reminder", at(0)) == [town.leader]
    with looking(database, at(3)) as read:
        assert [ticket.id for ticket in read.unread(town.leader)] == [1]
        assert read.unread(town.desk) == ()
        assert read.told_since(town.leader, "task", at(0))
        assert not read.told_since(town.leader, "task", at(2))
    with database.writing() as conn:
        conn.execute(identities.update().where(identities.c.person == town.leader).values(seen=at(4)))
    assert digests.due(database, "reminder", at(0)) == []
    assert digests.due(database, "digest", at(0)) == [town.desk]
    assert digests.due(database, "digest", at(0) + timedelta(0), limit=0) == []
