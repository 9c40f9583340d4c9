"""A message is done once and wholly: its rows, its copies, its pushes, its dialog."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import orjson
import pytest

from handlers.read import Read
from handlers.types import Choice, Outcome, Push, Rank, Reply, Sender, Turn
from nlp.types import NOTHING
from storage.engine import Database, open_database
from storage.ids import turn_name
from storage.schema import dialogs, facts, identities, inbox, outbox, persons, tickets
from tests.conftest import SECRET
from tests.storage.kit import NOW, message, nothing, open_turns, row, rows, say, take


def test_everything_of_a_turn_is_written(database: Database) -> None:
    done = say(database, message("m1"), take)
    person = row(database, persons)
    assert done.person == person.id
    assert not done.copy
    ticket = row(database, tickets)
    assert (ticket.code, ticket.tail, ticket.reporter) == ("202606010001", "0001", person.id)
    fact = row(database, facts)
    assert (fact.kind, fact.actor, fact.via, fact.ticket) == ("TicketOpened", person.id, "wechat", ticket.id)
    assert "楼道灯" not in fact.body
    assert '"502"' not in fact.body  # the room; an id may hold its digits
    push = row(database, outbox)
    assert (push.person, push.state, push.rank, push.kind) == (person.id, "waiting", 3, "progress")
    assert row(database, dialogs).form == "rating"
    assert row(database, inbox).turn == fact.turn


def test_work_with_a_name_leaves_its_pushes_once(database: Database) -> None:
    done = say(database, message("m1"), take)
    [push] = rows(database, outbox)
    assert push.turn == turn_name(Sender("wechat", "wx1", "resident"), "m1")
    late = Outcome(pushes=(Push(done.person, "晚到的回复", "reply", Rank.REPLY),))
    with open_turns(database, nothing) as turns:
        several = [turns.run(lambda read: late, NOW, "gateway", name=name) for name in ("ar", "ar", "br", "ar")]
        for future in several:
            future.result(10)
    assert [push.turn for push in rows(database, outbox)][1:] == ["ar", "br"]


def test_copies_get_the_recorded_answer(database: Database) -> None:
    with open_turns(database, take) as turns:
        several = [turns.submit(message("m1"), NOTHING, NOW).result(10) for _ in range(3)]
    assert [done.copy for done in several] == [False, True, True]
    assert len({done.replies for done in several}) == 1
    assert several[2].replies[0].choices == (Choice("好", "确认"),)
    assert several[2].person == several[0].person
    assert len(rows(database, tickets)) == len(rows(database, facts)) == 1


def test_copies_from_many_threads_and_two_processes(database: Database, database_url: str) -> None:
    """Two Turns on two engines stand for two processes."""
    second = open_database(database_url, SECRET)
    with open_turns(database, take) as one, open_turns(second, take) as two, ThreadPoolExecutor(8) as pool:
        messages = [message(f"m{n % 20}", f"u{n % 5}") for n in range(100)]
        waiting = list(pool.map(lambda m: (one if hash(m.key) % 2 else two).submit(m, NOTHING, NOW), messages))
        waiting += [two.submit(m, NOTHING, NOW) for m in messages[:20]]
        done = [future.result(30) for future in waiting]
    second.close()
    assert sum(not one.copy for one in done) == 20
    assert len(rows(database, tickets)) == 20
    assert len(rows(database, persons)) == len(rows(database, identities)) == 5
    assert len({ticket.code for ticket in rows(database, tickets)}) == 20


def test_same_key_of_another_sender_is_another_message(database: Database) -> None:
    with open_turns(database, take) as turns:
        for inbound in (message("m1", "a"), message("m1", "b"), message("m1", "a", "webchat")):
            assert not turns.submit(inbound, NOTHING, NOW).result(10).copy


def test_dialog_ends_and_stays(database: Database) -> None:
    say(database, message("m1"), take)
    say(database, message("m2"), lambda turn, read: Outcome())
    kept = row(database, dialogs)
    assert (kept.form, kept.since) == ("rating", NOW)
    say(database, message("m3"), lambda turn, read: Outcome(dialog=None))
    assert rows(database, dialogs) == []


def test_on_commit_is_told_and_may_fail(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[list[str], bool]] = []

    def listen(happened: tuple[object, ...], pushed: bool) -> None:
        told.append(([type(fact).__name__ for fact in happened], pushed))
        raise ZeroDivisionError

    with open_turns(database, take, on_commit=listen) as turns:
        turns.submit(message("m1"), NOTHING, NOW).result(10)
        turns.submit(message("m1"), NOTHING, NOW).result(10)
    assert told == [(["TicketOpened"], True), ([], False)]
    assert "on_commit failed" in caplog.text


def test_what_a_channel_cannot_answer_leaves_by_the_outbox_once(database: Database) -> None:
    """The rest of a long answer is in the turn's transaction, so a copy does not send it again."""

    def long(turn: Turn, read: Read) -> Outcome:
        return Outcome((Reply("a" * 30),))

    def cut(sender: Sender, person: int, replies: tuple[Reply, ...]) -> tuple[str, str] | None:
        return (replies[0].text[:20], replies[0].text[20:]) if sender.channel == "wechat" else None

    with open_turns(database, long, cut=cut) as turns:
        for inbound in (message("m1"), message("m1"), message("m2", channel="webchat")):
            assert turns.submit(inbound, NOTHING, NOW).result(10).replies == (Reply("a" * 30),)
    push = row(database, outbox)
    assert (orjson.loads(push.body)["text"], push.kind, push.rank) == ("a" * 10, "reply", Rank.REPLY)
    assert NOW < push.next_at <= NOW + timedelta(seconds=2)
