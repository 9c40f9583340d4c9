"""Pushes leave in order, once while nobody dies, and never pile up unseen."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import insert

from handlers.types import Choice, Media, Outcome, Push, Rank, Sender
from storage import queue, windows
from storage.engine import Database
from storage.people import link_identity
from storage.schema import outbox, persons
from tests.storage.kit import NOW, at, message, nothing, open_turns, row, rows, say


def put(database: Database, *pushes: tuple[int, Rank], now=NOW) -> list[int]:  # type: ignore[no-untyped-def]
    """(person, rank) in order; returns the ids."""
    before = {push.id for push in rows(database, outbox)}
    several = tuple(Push(person, f"第{n}条", "progress", rank) for n, (person, rank) in enumerate(pushes))
    with open_turns(database, nothing) as turns:
        turns.run(lambda read: Outcome(pushes=several), now, "test").result(10)
    return [push.id for push in rows(database, outbox) if push.id not in before]


def claim(database: Database, now=NOW, limit: int = 10, *, quiet: bool = False, holder: str = "w1") -> list[int]:  # type: ignore[no-untyped-def]
    return [push.id for push in queue.claim(database, now, limit, holder, 30, quiet=quiet)]


def test_what_is_in_it(database: Database) -> None:
    person = say(database, message("m1")).person
    push = Push(
        person, "新任务", "task", Rank.TASK, 7, (Choice("接单", "接单 0007"),), (Media("photo", "file:a.jpg"),)
    )
    with open_turns(database, nothing) as turns:
        turns.run(lambda read: Outcome(pushes=(push, Push(0, "谁?", "task"))), NOW, "test").result(10)
    (out,) = queue.claim(database, NOW, 5, "w1", 30, quiet=False)
    assert (out.person, out.text, out.kind, out.rank, out.ticket) == (person, "新任务", "task", 2, 7)
    assert (out.choices, out.media, out.attempts, out.created) == (push.choices, push.media, 1, NOW)
    assert out.sender == Sender("wechat", "wx1", "resident")
    assert (out.window_until, out.window_left) == (NOW + timedelta(hours=48), 5)


def test_the_address_last_seen_and_followed(database: Database) -> None:
    with database.writing() as conn:
        conn.execute(insert(persons).values(id=1, created=NOW))
        link_identity(conn, 1, Sender("webchat", "-", "a"), at(1))
        link_identity(conn, 1, Sender("terminal", "-", "b"), at(2))
    put(database, (1, Rank.TASK), (2, Rank.TASK))
    assert [out.sender for out in queue.claim(database, NOW, 5, "w", 30, quiet=False)] == [
        Sender("terminal", "-", "b"),
        None,
    ]
    say(database, message("m1", event="unfollow").__class__(Sender("terminal", "-", "b"), "k", NOW, event="unfollow"))
    (first, _) = queue.waiting_for(database, 1, 0, 9) + queue.waiting_for(database, 2, 0, 9)
    assert first.sender == Sender("webchat", "-", "a")


def test_most_pressing_first_and_one_a_person(database: Database) -> None:
    a1, b1, a2, c1 = put(database, (1, Rank.NOTICE), (2, Rank.BULK), (1, Rank.TASK), (3, Rank.ALARM))
    assert claim(database) == [c1, a2, b1]
    assert claim(database) == []
    queue.sent(database, [a2, c1], "service", at(1))
    assert claim(database) == [a1]
    sent = row(database, outbox, outbox.c.id == a2)
    assert (sent.state, sent.rung, sent.done, sent.lease) == ("sent", "service", at(1), None)


def test_limit(database: Database) -> None:
    ids = put(database, *((person, Rank.TASK) for person in range(1, 8)))
    assert claim(database, limit=3) == ids[:3]
    assert claim(database, limit=30) == ids[3:]


def test_later_ones_wait_behind_a_retry(database: Database) -> None:
    first, second = put(database, (1, Rank.TASK), (1, Rank.TASK))
    assert claim(database) == [first]
    queue.retry(database, first, at(5), "45009")
    assert claim(database, at(4)) == []
    (alarm,) = put(database, (1, Rank.ALARM), now=at(4))
    assert claim(database, at(4)) == [alarm]  # danger does not wait behind it
    queue.failed(database, alarm, "no_identity", at(4))
    assert claim(database, at(5)) == [first]
    assert row(database, outbox, outbox.c.id == first).attempts == 2
    queue.sent(database, [first], "template", at(6))
    assert claim(database, at(6)) == [second]


def test_quiet_hours(database: Database) -> None:
    ids = put(database, (1, Rank.ALARM), (2, Rank.REPLY), (3, Rank.TASK), (4, Rank.NOTICE), (1, Rank.TASK))
    assert claim(database, quiet=True) == ids[:2]
    queue.sent(database, ids[:2], "service", NOW)
    assert claim(database, quiet=True) == []
    assert claim(database) == [ids[2], ids[4], ids[3]]


def test_a_dead_holders_claims_come_back(database: Database) -> None:
    (one,) = put(database, (1, Rank.TASK))
    assert claim(database) == [one]
    assert queue.release_expired(database, NOW + timedelta(seconds=29)) == 0
    assert queue.release_expired(database, NOW + timedelta(seconds=31)) == 1
    assert claim(database, at(1), holder="w2") == [one]
    assert row(database, outbox).holder == "w2"


def test_stale_ones_are_dropped(database: Database) -> None:
    put(database, (1, Rank.TASK))
    (young,) = put(database, (2, Rank.TASK), now=at(120))
    assert queue.drop_stale(database, at(130), hours=1) == 1
    assert [(push.state, push.code) for push in rows(database, outbox)] == [("failed", "stale"), ("waiting", None)]
    assert claim(database, at(130)) == [young]


def test_depth_and_age(database: Database) -> None:
    assert queue.depth(database) == {"waiting": 0, "sending": 0, "failed": 0}
    assert queue.oldest(database) is None
    ids = put(database, (1, Rank.TASK), (2, Rank.TASK), (3, Rank.TASK), (4, Rank.TASK))
    claim(database, limit=3)
    queue.failed(database, ids[0], "43004", at(1))
    queue.sent(database, [ids[1]], "service", at(1))
    assert queue.depth(database) == {"waiting": 1, "sending": 1, "failed": 1}
    assert queue.oldest(database) == NOW


def test_history_of_the_web_chat(database: Database) -> None:
    ids = put(database, (1, Rank.TASK), (1, Rank.ALARM), (2, Rank.TASK), (1, Rank.TASK), (1, Rank.TASK))
    claim(database)
    queue.sent(database, [ids[1]], "person", NOW)
    queue.failed(database, ids[3], "stale", NOW)
    assert [(out.id, out.state) for out in queue.waiting_for(database, 1, 0, 9)] == [
        (ids[0], "waiting"),
        (ids[1], "sent"),
        (ids[4], "waiting"),
    ]
    assert [out.id for out in queue.waiting_for(database, 1, ids[0], 1)] == [ids[1]]


def test_several_workers_never_take_one_twice(database: Database) -> None:
    ids = put(database, *((person % 40, Rank.TASK) for person in range(1, 121)))
    ids = [push.id for push in rows(database, outbox)]
    taken: list[tuple[int, int]] = []

    def work(holder: int) -> None:
        for _ in range(200):
            found = queue.claim(database, NOW, 5, f"w{holder}", 30, quiet=False)
            taken.extend((push.person, push.id) for push in found)
            queue.sent(database, [push.id for push in found], "service", NOW)
            if not found and not queue.depth(database)["waiting"]:
                return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert Counter(push for _, push in taken) == Counter(ids)
    for person in {person for person, _ in taken}:
        mine = [push for whose, push in taken if whose == person]
        assert mine == sorted(mine)


def test_what_is_claimed_is_paid_from_its_window(database: Database) -> None:
    kept = {"wechat": 1}
    person = say(database, message("m1")).person

    def taken(kind: str = "progress") -> queue.Outgoing:
        with open_turns(database, nothing) as turns:
            turns.run(lambda read: Outcome(pushes=(Push(person, "一条", kind, Rank.BULK),)), NOW, "test").result(10)
        (out,) = queue.claim(database, NOW, 5, "w1", 30, quiet=False, kept=kept)
        return out

    for left in (4, 3, 2, 1):
        out = taken()
        assert (out.paid, out.window_left) == (True, left)
        queue.retry(database, out.id, NOW, "-1")
        (again,) = queue.claim(database, NOW, 5, "w1", 30, quiet=False, kept=kept)
        assert (again.paid, again.window_left) == (False, left)  # it may have paid: its channel knows
        queue.sent(database, [out.id], "service", NOW)
    announced = taken("announce")
    assert (announced.paid, announced.window_left) == (False, 1)
    queue.sent(database, [announced.id], "template", NOW)
    last = taken()
    assert (last.paid, last.window_left) == (True, 0)
    assert last.sender and last.window_until
    windows.give_back(database, last.sender, last.window_until, 1)  # something else happened meanwhile
    queue.sent(database, [last.id], "template", NOW)
    assert not taken().paid
    windows.give_back(database, last.sender, last.window_until, 0)
    queue.sent(database, [row(database, outbox, outbox.c.state == "sending").id], "template", NOW)
    assert taken().paid


def test_marks_travel_with_the_claim(database: Database) -> None:
    a1, a2, b1 = put(database, (1, Rank.TASK), (1, Rank.TASK), (2, Rank.TASK))
    assert claim(database) == [a1, b1]
    sent = {"service": [a1], "template": [b1]}
    assert [out.id for out in queue.claim(database, at(1), 9, "w1", 30, quiet=False, sent=sent)] == [a2]
    assert queue.claim(database, at(1), 0, "w1", 30, quiet=False, sent={"notice": [a2]}) == []
    assert [(push.rung, push.state) for push in rows(database, outbox)] == [
        ("service", "sent"), ("notice", "sent"), ("template", "sent")
    ]  # fmt: skip
