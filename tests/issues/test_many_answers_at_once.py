"""Answers changed by the hundred (a table) never reached residents: the job read them into another index."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from handlers.types import Outcome, Reply, Turn
from nlp.search import Entry
from storage import shelf
from storage.engine import Database
from storage.ids import new_id
from storage.looking import looking
from storage.schema import faq
from tests.storage.kit import NOW, message, say

TODAY = date(2026, 6, 1)
WORDS = "第17路公交车首班几点"


def answered(turn: Turn, read: Any) -> Outcome:
    return Outcome(tuple(Reply(known.answer) for known in read.known_answers(WORDS, 0, TODAY)[:1]))


def written(database: Database) -> None:
    with database.writing() as conn:
        for number in range(shelf.AT_ONCE + 10):
            values = {"id": new_id(), "community": 0, "question": f"第{number}路公交车首班几点", "variants": []}
            conn.execute(insert(faq).values(**values, answer=f"{number}点。"))


def test_what_the_job_read_is_what_turns_and_pages_answer_with(database: Database) -> None:
    assert say(database, message("m1"), answered).replies == ()
    written(database)
    assert shelf.refresh(database) == shelf.AT_ONCE + 10
    assert say(database, message("m2"), answered).replies == (Reply("17点。"),)
    with looking(database, NOW) as read:
        assert [known.answer for known in read.known_answers(WORDS, 0, TODAY)][:1] == ["17点。"]
    assert shelf.refresh(database) == 0


def test_no_turn_waits_for_the_job(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert say(database, message("m1"), answered).replies == ()
    written(database)
    half, on = threading.Event(), threading.Event()

    def slow(key: int, *given: Any) -> Entry:
        if len(shelf._shelves[database.number].rows) == 100:
            half.set()
            on.wait(10)
        return Entry(key, *given)

    monkeypatch.setattr(shelf, "Entry", slow)
    job = threading.Thread(target=shelf.refresh, args=(database,))
    job.start()
    assert half.wait(5)
    assert say(database, message("m2"), answered).replies == (Reply("17点。"),)
    on.set()
    job.join(10)
    assert shelf.refresh(database) == 0
