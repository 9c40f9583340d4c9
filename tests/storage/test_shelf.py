"""What was found for a question is remembered only as long as answers and words of one meaning stay as they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from handlers.types import Outcome, Reply, Turn
from storage.engine import Database
from storage.schema import faq, synonyms
from tests.storage.kit import message, say

TODAY = date(2026, 6, 1)


class Asking:
    """One question after the other; the answers most alike, with their likeness."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._said = 0

    def __call__(self, words: str, community: int = 0, day: date = TODAY) -> list[str]:
        def answered(turn: Turn, read: Any) -> Outcome:
            return Outcome(
                tuple(Reply(one.answer) for one in read.known_answers(words, community, day) if one.likeness)
            )

        self._said += 1
        return [reply.text for reply in say(self._db, message(f"m{self._said}"), answered).replies]


@pytest.fixture
def ask(database: Database) -> Asking:
    with database.writing() as conn:
        values = {"id": 1, "community": 0, "question": "社区食堂几点开门", "variants": [], "answer": "七点。"}
        conn.execute(insert(faq).values(**values))
    return Asking(database)


def test_a_changed_answer_is_the_next_one_told(ask: Asking, database: Database) -> None:
    assert ask("社区食堂几点开门") == ask("社区食堂几点开门") == ["七点。"]
    with database.writing() as conn:
        conn.execute(update(faq).values(answer="八点。", revision=faq.c.revision + 1))
    assert ask("社区食堂几点开门") == ["八点。"]


def test_each_community_and_each_day_has_its_own(ask: Asking, database: Database) -> None:
    with database.writing() as conn:
        ended = (TODAY + timedelta(days=1)).isoformat()
        values = {"id": 2, "community": 7, "question": "社区食堂几点开门", "variants": [], "answer": "本社区六点。"}
        conn.execute(insert(faq).values(**values, valid_until=ended))
    assert ask("社区食堂几点开门") == ["七点。"]
    assert sorted(ask("社区食堂几点开门", 7)) == ["七点。", "本社区六点。"]
    assert ask("社区食堂几点开门", 7, TODAY + timedelta(days=2)) == ["七点。"]


def test_a_new_word_of_the_same_meaning_counts_at_once(ask: Asking, database: Database) -> None:
    assert ask("膳堂") == []
    with database.writing() as conn:
        conn.execute(insert(synonyms).values(id=1, community=0, word="膳堂", words=["食堂"]))
    assert ask("膳堂") == ["七点。"]
