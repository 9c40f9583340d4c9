"""Answers before their row is on disk: for whom, with which words, and what becomes of the row. SQLite, in line."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

import nlp
from handlers import router, texts
from handlers.policy import Policy
from handlers.residents.facts import PersonErased
from handlers.types import Dialog, Inbound, Outcome, Reply, Turn, say
from storage.engine import Database
from storage.schema import identities, inbox
from storage.turns import Done, Turns
from tests.storage.kit import NOW, at, message

FIXED = ("菜单", "你好", "谢谢", "再见")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0.02)


class Talk:
    """One process: what a message is answered by a turn, and what at once."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.decide: Any = router.decide
        self.turns = Turns(db, self.decided, Policy(), loop=asyncio.get_running_loop())
        self.keys = iter(range(1000))

    def decided(self, turn: Turn, read: Any) -> Outcome:
        return cast(Outcome, self.decide(turn, read))

    def inbound(self, words: str, user: str = "anna") -> Inbound:
        return message(f"k{next(self.keys)}", user, text=words)

    async def turn(self, words: str, user: str = "anna", after: float = 0) -> Done:
        inbound = self.inbound(words, user)
        return await asyncio.wrap_future(self.turns.submit(inbound, nlp.understand(words), at(after)))

    def at_once(self, words: str, user: str = "anna", after: float = 0) -> tuple[Reply, ...] | None:
        return self.turns.at_once(self.inbound(words, user), nlp.understand(words), at(after))

    async def rested(self) -> None:
        await self.turn("你好")
        await self.turn("你好")

    def rows(self) -> list[str]:
        with self.db.reading() as conn:
            return [row.key for row in conn.execute(select(inbox).order_by(inbox.c.turn))]

    async def written(self, count: int) -> None:
        await until(lambda: len(self.rows()) >= count)

    async def close(self) -> None:
        await asyncio.to_thread(self.turns.close, 10)


@pytest.fixture
async def talk(db: Database) -> AsyncIterator[Talk]:
    talk = Talk(db)
    yield talk
    await talk.close()


@pytest.mark.parametrize("words", FIXED)
async def test_the_same_words_as_a_turn_and_the_same_row(talk: Talk, words: str) -> None:
    await talk.rested()
    said = (await talk.turn(words, after=1)).replies
    assert talk.at_once(words, after=1) == said
    await talk.written(4)
    with talk.db.reading() as conn:
        *_, turned, followed = conn.execute(select(inbox).order_by(inbox.c.turn)).mappings()
        address = conn.execute(select(identities)).mappings().one()
    differ = {name for name in turned if turned[name] != followed[name]}
    assert differ == {"key", "turn"}
    assert (address["seen"], address["window_until"], address["window_left"]) == (at(1), at(1 + 48 * 60), 5)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (("你好",), "查进度"),  # must be looked up
        (("你好",), "楼道灯坏了"),
        (("你好",), "着火了"),
        (("你好", "学府花园3幢2单元楼道灯坏了"), "取消"),  # ends a conversation
        (("你好", "我的电话是13812345678"), "菜单"),  # the person is another now
        ((), "菜单"),
    ],
)
async def test_who_asks_for_something_or_is_not_as_the_turn_found_him_has_a_turn(
    talk: Talk, before: tuple[str, ...], words: str
) -> None:
    for each in before:
        await talk.turn(each)
    assert talk.at_once(words) is None


async def test_in_the_middle_of_a_conversation_it_stays_as_it_is(talk: Talk) -> None:
    await talk.turn("你好")
    await talk.turn("楼道灯坏了")
    said = talk.at_once("菜单")
    assert said is not None
    assert texts.KEPT_FORM in said[-1].text
    assert (await talk.turn("菜单")).replies == said


async def test_who_was_told_how_data_is_kept_is_not_told_again(talk: Talk) -> None:
    first = (await talk.turn("你好")).replies
    assert talk.at_once("你好") == first[1:]


async def test_nothing_is_certain_for_long(talk: Talk) -> None:
    await talk.rested()
    assert talk.at_once("菜单", after=0.9)
    assert talk.at_once("菜单", after=1.1) is None
    assert talk.at_once("菜单", "bert") is None


async def test_erased_by_another_address_of_the_same_person(talk: Talk) -> None:
    def decide(turn: Turn, read: Any) -> Outcome:
        if turn.inbound.text == "删除我的数据":
            return Outcome(facts=(PersonErased(turn.who.id),))
        return say("好")

    talk.decide = decide
    await talk.rested()
    assert talk.at_once("菜单")
    await talk.turn("删除我的数据", "bert")
    assert talk.at_once("菜单") is None


@pytest.mark.parametrize("out", [Outcome(), say("好", dialog=Dialog("x", {})), say("好", dialog=None)])
async def test_an_answer_that_changes_something_or_is_none(talk: Talk, out: Outcome) -> None:
    now: list[Outcome] = [say("好")]
    talk.decide = lambda turn, read: now[0]
    await talk.rested()
    now[0] = out
    assert talk.at_once("菜单") is None


async def test_a_copy_by_a_turn_finds_the_row(talk: Talk) -> None:
    await talk.rested()
    inbound, said = talk.inbound("菜单"), nlp.understand("菜单")
    replies = talk.turns.at_once(inbound, said, NOW)
    done = await asyncio.wrap_future(talk.turns.submit(inbound, said, NOW))
    assert (done.copy, done.replies) == (True, replies)


async def test_rows_wait_for_a_locked_database_and_nobody_else_is_answered_so(
    talk: Talk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.inline.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("storage.inline._LATER", 0.05)
    await talk.rested()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert talk.at_once("菜单")
    await until(lambda: not talk.at_once("菜单"))  # it was tried
    assert len(talk.rows()) == 2
    other.close()
    await until(lambda: bool(talk.at_once("菜单")))
    waiting = len(talk.rows())
    await talk.written(waiting + 1)


async def test_rows_are_written_before_the_process_ends_and_before_other_work(talk: Talk) -> None:
    await talk.rested()
    assert talk.at_once("菜单")
    seen: list[int] = []

    def work(read: Any) -> Outcome:
        seen.append(len(talk.rows()))
        return Outcome()

    await asyncio.wrap_future(talk.turns.run(work, NOW + timedelta(seconds=1), "test"))
    assert seen == [3]
    assert talk.at_once("菜单")
    await talk.close()
    assert len(talk.rows()) == 4


async def test_at_the_end_a_database_that_takes_nothing_is_not_waited_for(
    db: Database, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("storage.inline.BUSY_SECONDS", 0.1)
    monkeypatch.setattr("storage.inline._LAST", 0.2)
    talk = Talk(db)
    await talk.rested()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert talk.at_once("菜单")
    await talk.close()
    other.close()
    assert "1 rows of answers given at once are lost" in caplog.text
