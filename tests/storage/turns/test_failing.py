"""Turns that fail, are refused or find no database; a line that is full or closed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import PoolProxiedConnection, text
from sqlalchemy.exc import OperationalError

from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome, Refused, Reply, Turn
from nlp.types import NOTHING
from storage import engine
from storage.engine import Database
from storage.schema import dialogs, facts, inbox, outbox, persons, tickets
from storage.turns import Closed, QueueFull, Unreachable
from tests.storage import kit
from tests.storage.kit import NOW, message, nothing, open_turns, row, rows, say, take


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


def test_full_and_closed(database: Database) -> None:
    start = threading.Event()

    def slow(turn: Turn, read: Read) -> Outcome:
        start.wait(10)
        return Outcome()

    turns = kit.Turns(database, slow, Policy(), limit=3)
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

    turns = kit.Turns(database, slow, Policy())
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


def test_a_connection_that_answered_a_moment_ago_is_asked_only_in_doubt(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(database, "_ping", lambda connection: not asked.append(connection), raising=False)
    monkeypatch.setattr(engine, "_FRESH", 60.0)

    def questions(take: Callable[[], PoolProxiedConnection]) -> int:
        with closing(take()) as connection:
            connection.cursor().execute("SELECT 1")
        return len(asked)

    once = int(database.postgresql)  # a file is never asked
    questions(database.at_hand)
    asked.clear()
    assert [questions(database.at_hand) for _ in range(3)] == [0, 0, 0]
    assert questions(database.engine.raw_connection) == once  # of who does not try again
    database.doubted()
    assert [questions(database.at_hand) for _ in range(2)] == [2 * once] * 2


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
