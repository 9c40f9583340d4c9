"""Writes wait, but nobody can tell; statements are compiled once and convert as always."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import BigInteger, String, bindparam, func, select, update

from storage.columns import NaiveTime
from storage.engine import Database
from storage.schema import followers, notes, tickets
from storage.sql import Prepared, each, gathered, given
from storage.transaction import Stale, Transaction
from tests.storage.kit import NOW, do, opened, row, rows

ADD = Prepared(
    notes.insert().values(**{name: bindparam(name) for name in ("id", "ticket", "person", "at", "kind", "words")}),
    log=True,
)
SET = Prepared(
    lambda insert: (
        insert(notes)
        .values(**{name: bindparam(name) for name in ("id", "ticket", "person", "at", "kind", "words")})
        .on_conflict_do_update(index_elements=["id"], set_={"words": insert(notes).excluded.words})
    ),
    log=True,
)
BLANK = Prepared(update(notes).where(notes.c.person == bindparam("person")).values(words=""))
WORDS = Prepared(select(notes.c.words, notes.c.at).where(notes.c.ticket == bindparam("ticket")).order_by(notes.c.id))
KEPT = Prepared(select(notes.c.words).where(notes.c.ticket == bindparam("ticket")), kept=True)
UNREAD = Prepared(
    update(tickets).where(tickets.c.id == bindparam("id")).values(followers=tickets.c.followers + 1), unread=True
)
FOLLOWERS = Prepared(select(tickets.c.followers))
RATED = Prepared(update(tickets).where(tickets.c.id == bindparam("id")).values(rating=bindparam("rating")))


@contextmanager
def transaction(database: Database) -> Iterator[Transaction]:
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        if not database.postgresql:
            cursor.execute("BEGIN IMMEDIATE")
        tx = Transaction(cursor, database.dialect)
        yield tx
        tx.flush()
        connection.commit()
    finally:
        connection.close()


def note(tx: Transaction, number: int, words: str, at: datetime = NOW) -> None:
    tx.write(ADD, id=number, ticket=1, person=number, at=at, kind="WordsAdded", words=words)


def test_what_is_set_again_in_a_batch_is_what_was_set_last(database: Database) -> None:
    with transaction(database) as tx:
        for words in ("一", "二", "三"):
            tx.write(SET, id=1, ticket=1, person=1, at=NOW, kind="WordsAdded", words=words)
    assert [found.words for found in rows(database, notes)] == ["三"]


def test_reads_see_writes(database: Database) -> None:
    with transaction(database) as tx:
        note(tx, 1, "一")
        note(tx, 2, "二")
        assert [tuple(found) for found in tx.rows(WORDS, ticket=1)] == [("一", NOW), ("二", NOW)]
        note(tx, 3, "三")
        assert [[found[0] for found in several] for several in tx.many(WORDS, [{"ticket": 1}, {"ticket": 9}])] == [
            ["一", "二", "三"], [],
        ]  # fmt: skip
        assert tx.one(WORDS, ticket=9) is None
    assert [found.words for found in rows(database, notes)] == ["一", "二", "三"]


def test_a_change_of_a_log_comes_after_what_was_added_before_it_only(database: Database) -> None:
    with transaction(database) as tx:
        note(tx, 1, "一")
        tx.write(BLANK, person=1)
        tx.write(BLANK, person=2)
        note(tx, 2, "二")
    assert [found.words for found in rows(database, notes)] == ["", "二"]


def test_like_writes_go_together_in_order(database: Database) -> None:
    do(database, opened(1), opened(2))
    with transaction(database) as tx:
        for ticket, rating in ((1, "满意"), (2, "满意"), (1, "不满意")):
            tx.write(RATED, id=ticket, rating=rating)
    assert [found.rating for found in rows(database, tickets)] == ["不满意", "满意"]


def test_once_means_once(database: Database) -> None:
    do(database, opened(1))
    with pytest.raises(Stale), transaction(database) as tx:
        tx.write_once(RATED, id=1, rating="满意")
        tx.write_once(RATED, id=99, rating="满意")
    assert row(database, tickets).rating == ""


def test_an_answer_is_kept_until_its_table_is_written(database: Database) -> None:
    with transaction(database) as tx:
        assert tx.rows(KEPT, ticket=1) == tx.rows(KEPT, ticket=2) == []
        note(tx, 1, "一")
        tx.flush()
        assert tx.one(KEPT, ticket=1)[0] == "一"
        with closing(tx._cursor.connection.cursor()) as cursor:
            cursor.execute("DELETE FROM notes")
        assert tx.one(KEPT, ticket=1)[0] == "一"
        tx.write(BLANK, person=9)
        assert tx.one(KEPT, ticket=1) is None


def test_what_nobody_reads_is_written_last(database: Database) -> None:
    do(database, opened(1))
    with transaction(database) as tx:
        for number in (1, 2):
            tx.write(UNREAD, id=1)
            note(tx, number, "一")
        assert [found[0] for found in tx.rows(FOLLOWERS)] == [0]
        assert len(tx.rows(WORDS, ticket=1)) == 2
    assert row(database, tickets).followers == 2


def test_naive_moments_are_refused(database: Database) -> None:
    with pytest.raises(NaiveTime), transaction(database) as tx:
        note(tx, 1, "一", datetime(2026, 6, 1))


def test_every_table_is_known(database: Database) -> None:
    mine = followers.alias("mine")
    nested = select(tickets.c.id).where(tickets.c.id.in_(select(mine.c.ticket).where(mine.c.person == 1)))
    assert Prepared(nested).on(database.dialect).tables == {"tickets", "followers"}
    assert ADD.on(database.dialect).tables == BLANK.on(database.dialect).tables == {"notes"}


def test_lists_cannot_be_compiled_once(database: Database) -> None:
    with pytest.raises(TypeError, match="literal"):
        Prepared(select(tickets.c.id).where(tickets.c.status.in_(["a"]))).on(database.dialect)


def test_many_rows_of_a_log_are_as_if_written_one_by_one(database: Database) -> None:
    """Written in one statement on PostgreSQL: every kind of value comes back as it was."""
    words = ["", "好\"\\'%s{}", "😀\n\t", "x" * 3000, "null", "1e5"]
    with transaction(database) as tx:
        for number, said in enumerate(words):
            note(tx, 2**62 + number, said, NOW + timedelta(microseconds=number))
    assert [(found.id, found.words, found.at) for found in rows(database, notes)] == [
        (2**62 + number, said, NOW + timedelta(microseconds=number)) for number, said in enumerate(words)
    ]
    assert ADD.on("postgresql").bulk
    assert not ADD.on("sqlite").bulk


def test_an_insert_with_an_expression_is_not_written_in_bulk() -> None:
    values = {name: bindparam(name) for name in ("id", "ticket", "person", "at", "kind")}
    assert not Prepared(notes.insert().values(**values, words=func.upper("a")), log=True).on("postgresql").bulk


def test_rows_given_with_a_question_and_gathered(database: Database) -> None:
    def asks(dialect: str) -> Any:
        asked, (person, word) = given(dialect, "asked", BigInteger(), String())
        mine = select(notes.c.id, notes.c.kind).where(notes.c.person == person).order_by(notes.c.id.desc())
        listed = gathered(dialect, mine.correlate(asked)).label("mine")
        return select(person, word, listed).select_from(asked).order_by(person)

    with transaction(database) as tx:
        for number in range(4):
            note(tx, 2**62 + number, "")
        asked = orjson.dumps([[2**62 + 1, "甲"], [2**62 + 9, "乙'"]]).decode()
        tx.flush()
        first, second = tx.rows(Prepared(each(asks)), asked=asked)
    assert (first[0], first[1]) == (2**62 + 1, "甲")
    assert orjson.loads(first[2]) == [[2**62 + 1, "WordsAdded"]]
    assert (second[0], second[1], orjson.loads(second[2] or "[]")) == (2**62 + 9, "乙'", [])
