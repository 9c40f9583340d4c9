"""A message is done once, in order, wholly or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from handlers.policy import Policy
from handlers.read import Read
from handlers.residents.facts import PhoneGiven
from handlers.tickets.facts import TicketAccepted
from handlers.tickets.rules import Status
from handlers.types import Choice, Dialog, Outcome, Push, Rank, Refused, Reply, Sender, Turn
from nlp.types import NOTHING
from storage.engine import Database, open_database
from storage.ids import turn_name
from storage.schema import dialogs, facts, identities, inbox, outbox, persons, tickets
from storage.turns import Closed, QueueFull, Turns, Unreachable
from tests.conftest import SECRET
from tests.storage import kit
from tests.storage.kit import NOW, at, do, message, nothing, open_turns, opened, row, rows, say


@pytest.fixture(params=["threads", "in line"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In threads, and as the program runs them: in line with its event loop (which counts on SQLite)."""
    if request.param == "threads":
        yield
        return
    real, loop = Turns, asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def made(*args: Any, **more: Any) -> Turns:
        async def make() -> Turns:
            return real(*args, **more, loop=loop)

        return asyncio.run_coroutine_threadsafe(make(), loop).result(10)

    monkeypatch.setattr(kit, "Turns", made)
    monkeypatch.setitem(globals(), "Turns", made)
    yield
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def take(turn: Turn, read: Read) -> Outcome:
    """Opens a ticket and tells somebody, whatever is said."""
    ticket = read.new_id()
    code = read.ticket_code(turn.now.date())
    return Outcome(
        (Reply(f"收到 {code}", (Choice("好", "确认"),), "/m/x"),),
        (opened(ticket, code=code, reporter=turn.who.id),),
        (Push(turn.who.id, "有人看了", "progress", Rank.NOTICE, ticket),),
        Dialog("rating", {"ticket": ticket}, (Choice("满意"),), turn.now, 1),
    )


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


def test_order_of_each_sender_is_kept(database: Database) -> None:
    seen: dict[str, list[int]] = {}
    lock = threading.Lock()

    def count(turn: Turn, read: Read) -> Outcome:
        so_far = turn.dialog.answers["n"] if turn.dialog else 0
        with lock:
            seen.setdefault(turn.inbound.sender.user, []).append(int(turn.inbound.text))
        return Outcome(dialog=Dialog("count", {"n": so_far + 1}, since=turn.now))

    with open_turns(database, count, batch=7) as turns:
        waiting = [
            turns.submit(message(f"m{n}", f"u{n % 6}", text=str(n)), NOTHING, at(n)) for n in range(120)
        ]  # fmt: skip
        for future in waiting:
            future.result(30)
    assert all(said == sorted(said) and len(said) == 20 for said in seen.values())
    with open_turns(database, lambda turn, read: Outcome((Reply(str(turn.dialog)),))) as turns:
        assert "'n': 20" in turns.submit(message("last", "u3"), NOTHING, at(200)).result(10).replies[0].text


def test_one_bad_turn_of_a_batch_fails_alone(database: Database) -> None:
    start = threading.Event()

    def decide(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        if turn.inbound.text == "bad":
            take(turn, read)
            raise ZeroDivisionError
        return take(turn, read)

    with open_turns(database, decide) as turns:
        texts = ["good", "bad", "good", "bad", "good"]
        waiting = [turns.submit(message(f"m{n}", text=said), NOTHING, NOW) for n, said in enumerate(texts)]
        start.set()
        failed = [type(future.exception(20)) for future in waiting]
    nothing_wrong = type(None)
    assert failed == [nothing_wrong, ZeroDivisionError, nothing_wrong, ZeroDivisionError, nothing_wrong]
    assert len(rows(database, tickets)) == len(rows(database, inbox)) == len(rows(database, outbox)) == 3


def test_a_failed_message_may_come_again(database: Database) -> None:
    def fails(turn: Turn, read: Read) -> Outcome:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        say(database, message("m1"), fails)
    assert rows(database, persons) == []
    assert not say(database, message("m1"), take).copy


def test_refused_is_an_answer_and_changes_nothing_else(database: Database) -> None:
    def refuses(turn: Turn, read: Read) -> Outcome:
        raise Refused("已经办结了")

    say(database, message("m0"), take)
    done = say(database, message("m1"), refuses)
    assert done.replies == (Reply("已经办结了"),)
    assert len(rows(database, facts)) == 1
    assert row(database, dialogs).form == "rating"
    assert say(database, message("m1"), take).replies == done.replies
    with open_turns(database, nothing) as turns:
        assert turns.run(lambda read: refuses(None, read), NOW, "console").result(10).replies == done.replies


def test_a_fact_nobody_applies_fails_the_turn(database: Database) -> None:
    from handlers.types import Fact

    class Unknown(Fact):
        pass

    with pytest.raises(TypeError, match="Unknown"):
        say(database, message("m1"), lambda turn, read: Outcome(facts=(Unknown(),)))
    assert rows(database, inbox) == []


def test_two_who_take_one_ticket_at_once(database: Database, database_url: str) -> None:
    """Only one of them may see it waiting: the other's turn is run again and sees the first one's."""
    do(database, opened(1))
    second = open_database(database_url, SECRET)
    both = threading.Barrier(2, timeout=10) if database.postgresql else None
    tried: Counter[str] = Counter()

    def accept(turn: Turn, read: Read) -> Outcome:
        ticket = read.ticket(1)
        assert ticket
        user = turn.inbound.sender.user
        tried[user] += 1
        if both and tried[user] == 1:
            both.wait()  # both have read it before either writes
        if ticket.status is not Status.TO_ACCEPT:
            raise Refused("已经有人接单")
        return Outcome((Reply("接单成功"),), (TicketAccepted(1, turn.who.id),))

    with open_turns(database, accept) as one, open_turns(second, accept) as two:
        waiting = [one.submit(message("a", "a"), NOTHING, NOW), two.submit(message("b", "b"), NOTHING, NOW)]
        said = sorted(future.result(20).replies[0].text for future in waiting)
    second.close()
    assert said == ["已经有人接单", "接单成功"]
    assert [fact.kind for fact in rows(database, facts)] == ["TicketOpened", "TicketAccepted"]


def test_later_turns_of_a_batch_see_earlier_ones(database: Database) -> None:
    start = threading.Event()

    def decide(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        if turn.inbound.text == "phone":
            return Outcome(facts=(PhoneGiven(turn.who.id, "13800000000"),))
        if turn.inbound.text == "report":
            return take(turn, read)
        return Outcome((Reply(f"{turn.who.phone} {read.open_count(turn.who.id)} {turn.dialog is not None}"),))

    with open_turns(database, decide, threads=1) as turns:
        waiting = [
            turns.submit(message(f"m{n}", text=said), NOTHING, NOW)
            for n, said in enumerate(["hello", "phone", "report", "ask"])
        ]
        start.set()
        assert waiting[3].result(10).replies[0].text == "13800000000 1 True"


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


def test_full_and_closed(database: Database) -> None:
    start = threading.Event()

    def slow(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        return Outcome()

    turns = Turns(database, slow, Policy(), limit=3)
    waiting = [turns.submit(message(f"m{n}"), NOTHING, NOW) for n in range(3)]
    assert turns.waiting == 3
    with pytest.raises(QueueFull):
        turns.submit(message("m9"), NOTHING, NOW)
    assert not waiting[2].cancel()  # who stops waiting does not stop the turn
    start.set()
    turns.close(20)
    assert all(future.done() for future in waiting)
    with pytest.raises(Closed):
        turns.submit(message("m10"), NOTHING, NOW)
    assert len(rows(database, inbox)) == 3


def test_close_says_when_it_is_too_slow(database: Database) -> None:
    start = threading.Event()

    def slow(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        return Outcome()

    turns = Turns(database, slow, Policy())
    future = turns.submit(message("m1"), NOTHING, NOW)
    with pytest.raises(TimeoutError, match="1 turns"):
        turns.close(0.05)
    start.set()
    future.result(10)
    turns.close(10)


def test_turns_outlive_a_database_away_for_a_moment(database: Database) -> None:
    """PostgreSQL ends every connection; on SQLite another program holds the file for a while."""
    with open_turns(database, take) as turns:
        turns.submit(message("m1"), NOTHING, NOW).result(10)
        with database.writing() as conn:
            if database.postgresql:
                conn.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            second = turns.submit(message("m2"), NOTHING, NOW)
            time.sleep(0.1)
        assert not second.result(10).copy
    assert len(rows(database, tickets)) == 2


def test_an_unreachable_database_is_said(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connect", {}, OSError("connection refused"))

    with open_turns(database, take) as turns:
        monkeypatch.setattr(database.engine, "raw_connection", refuse)
        waiting = [turns.submit(message(f"m{n}"), NOTHING, NOW) for n in range(5)]
        assert all(isinstance(future.exception(20), Unreachable) for future in waiting)
        monkeypatch.undo()
        assert not turns.submit(message("m1"), NOTHING, NOW).result(10).copy


@pytest.mark.parametrize("moment", [datetime(2026, 6, 1, 9, 0)])
def test_naive_now_fails_the_turn(database: Database, moment: datetime) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        say(database, message("m1"), take, moment)
    assert rows(database, inbox) == []


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


def test_messages_and_other_work_keep_their_order(database: Database) -> None:
    seen: list[str] = []

    def decide(turn: Turn, read: Read) -> Outcome:
        seen.append(turn.inbound.key)
        return Outcome()

    def work(name: str) -> Callable[[Read], Outcome]:
        def run(read: Read) -> Outcome:
            seen.append(name)
            return Outcome()

        return run

    with open_turns(database, decide, threads=1) as turns:
        waiting = []
        for number in range(10):
            waiting.append(turns.submit(message(f"m{number}"), NOTHING, NOW))
            waiting.append(turns.run(work(f"w{number}"), NOW, "job"))
        for future in waiting:
            future.result(10)
    assert seen == [name for number in range(10) for name in (f"m{number}", f"w{number}")]
