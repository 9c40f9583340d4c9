"""The desk writes, changes and takes away answers; what they said before is kept; a question answered becomes one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from handlers import after
from handlers.knowledge import texts, writing
from handlers.knowledge.facts import AnswerKept, QuestionOpened
from handlers.knowledge.writing import Draft
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Outcome
from storage import view_knowledge
from storage.engine import Database
from storage.land import add_community
from storage.schema import outbox, persons, posts
from storage.turns import Done
from tests.storage.kit import NOW, asked, do, nothing, open_turns, row

CLERK, ASKER = 300, 100
TODAY = date(2026, 6, 1)


@pytest.fixture
def ours(database: Database) -> int:
    with database.writing() as conn:
        mine, other = (add_community(conn, f"33048300100{n}", f"社区{n}") for n in (1, 2))
        for person, community in ((CLERK, mine), (ASKER, mine), (301, other)):
            conn.execute(insert(persons).values(id=person, community=community, created=NOW))
        conn.execute(insert(posts).values(id=1, person=CLERK, role="desk", scope=mine, since=NOW))
        conn.execute(insert(posts).values(id=2, person=301, role="desk", scope=other, since=NOW))
    return mine


def desk(db: Database, work: object, person: int = CLERK) -> Done:
    """`work(who, read)` as a click in the console runs it."""

    def run(read: Read) -> Outcome:
        who = read.person(person)
        assert who is not None
        return after.settled(work(who, read), person, NOW, Policy(), read)  # type: ignore[operator]

    with open_turns(db, nothing) as turns:
        return turns.run(run, NOW, "console", person).result(10)


def write(db: Database, draft: Draft, person: int = CLERK) -> Done:
    return desk(db, lambda who, read: writing.write(draft, who, read), person)


def told(done: Done) -> str:
    return done.replies[0].text


def found(db: Database, community: int, words: str = "电瓶车在哪里充电") -> tuple[str, ...]:
    return tuple(one.answer for one in asked(db, lambda read: read.known_answers(words, community, TODAY)))


def test_written_changed_taken_away_and_given_again(database: Database, ours: int) -> None:
    draft = Draft(ours, "电瓶车在哪里充电", "2幢东侧", ("充电桩在哪",), "社区", "2026-05-01", "2026-06-20")
    assert told(write(database, draft)) == texts.SAVED
    assert found(database, ours) == ("2幢东侧",)
    assert found(database, ours + 1) == ()
    (entry,) = view_knowledge.entries(database, (ours,), "expiring", "", TODAY, 30)
    change = replace(draft, answer=entry.id, revision=entry.revision, words="15幢南侧", until="")
    assert told(write(database, change)) == texts.SAVED
    assert told(write(database, change)) == texts.CHANGED  # somebody else's change is never written over
    assert found(database, ours) == ("15幢南侧",)
    assert told(desk(database, lambda who, read: writing.retire(entry.id, who, read))) == texts.RETIRED
    assert found(database, ours) == ()
    assert told(desk(database, lambda who, read: writing.retire(entry.id, who, read))) == texts.NOT_RETIRED
    assert told(desk(database, lambda who, read: writing.retire(entry.id, who, read, back=True))) == texts.RESTORED
    shown = view_knowledge.entry(database, entry.id, (ours,))
    assert shown is not None
    now, history = shown
    assert (now.words, now.until, now.gone, now.variants) == ("15幢南侧", "", False, ("充电桩在哪",))
    assert [(one.words, one.gone) for one in history] == [("15幢南侧", True), ("15幢南侧", False), ("2幢东侧", False)]
    assert view_knowledge.entry(database, entry.id, (ours + 1,)) is None


def test_who_may_and_what_is_there_already(database: Database, ours: int) -> None:
    draft = Draft(ours, "电瓶车在哪里充电", "2幢东侧")
    assert told(write(database, draft, 301)) == texts.NOT_HERE
    write(database, draft)
    assert told(write(database, draft)) == texts.SAME_QUESTION
    (entry,) = view_knowledge.entries(database, (ours,), "used", "充电", TODAY, 30)
    assert view_knowledge.entries(database, (ours,), "used", "%", TODAY, 30) == []
    desk(database, lambda who, read: writing.retire(entry.id, who, read))
    assert told(write(database, draft)) == texts.SAME_RETIRED
    assert (
        told(desk(database, lambda who, read: writing.retire(entry.id, who, read, back=True), 301)) == texts.NOT_HERE
    )
    assert told(desk(database, lambda who, read: writing.retire(1, who, read))) == texts.GONE_AWAY
    assert view_knowledge.counted(database, (ours,), TODAY, 30) == {"used": 0, "expiring": 0, "over": 0, "gone": 1}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"question": ""}, "question"), ({"question": "问" * 201}, "question"), ({"words": ""}, "answer"),
        ({"words": "答" * 1001}, "answer"), ({"variants": ("问",) * 21}, "variants"),
        ({"variants": ("问" * 201,)}, "variants"), ({"source": "源" * 121}, "source"), ({"since": "明天"}, "since"),
        ({"until": "2026-02-30"}, "until"), ({"since": "2026-06-02", "until": "2026-06-01"}, "until"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_field(more: dict[str, object], field: str) -> None:
    draft = Draft(1, "电瓶车在哪里充电", "2幢东侧", ("充电桩",), "社区", "2026-06-01", "2026-06-01")
    assert writing.faults(draft) == {}
    assert set(writing.faults(replace(draft, **more))) == {field}  # type: ignore[arg-type]


def test_answered_to_one_and_kept_for_all_in_one_step(database: Database, ours: int) -> None:
    for number in (1, 2):
        do(database, QuestionOpened(number, number, ours, ASKER, "图书室几点开门"))
    (first, _) = view_knowledge.waiting(database, (ours,))
    draft = Draft(ours, first.words, "每天9点到17点")
    answered = desk(database, lambda who, read: writing.reply(1, draft.words, draft, who, NOW, read))
    assert told(answered) == texts.KEPT
    push = row(database, outbox)
    assert (push.person, "图书室几点开门" in push.body, "9点到17点" in push.body) == (ASKER, True, True)
    assert found(database, ours, "图书室几点开门") == ("每天9点到17点",)
    (entry,) = view_knowledge.entries(database, (ours,), "", "", TODAY, 30)
    assert entry.source == "社区答复 2026-06-01"
    again = desk(database, lambda who, read: writing.reply(1, draft.words, None, who, NOW, read))
    assert told(again) == texts.ALREADY.format(number=1)
    clash = desk(database, lambda who, read: writing.reply(2, draft.words, draft, who, NOW, read))
    assert told(clash) == texts.SAME_QUESTION  # and nobody was answered
    assert [one.number for one in view_knowledge.waiting(database, (ours,))] == [2]
    assert told(desk(database, lambda who, read: writing.reply(2, "好", None, who, NOW, read), 301)).startswith(
        "2号不是"
    )
    (done,) = view_knowledge.replied(database, (ours,), NOW - timedelta(days=1))
    assert (done.number, done.reply) == (1, "每天9点到17点")


def test_an_answer_kept_by_chat_leaves_its_history_too(database: Database, ours: int) -> None:
    for words in ("9点", "10点"):
        do(database, AnswerKept(9, ours, CLERK, "社区答复", "图书室几点开门", words))
    (entry,) = view_knowledge.entries(database, (ours,), "", "", TODAY, 30)
    shown = view_knowledge.entry(database, entry.id, (ours,))
    assert shown is not None and [one.words for one in shown[1]] == ["9点"]
