"""Questions about the knowledge base, for storage/read.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from handlers.knowledge.answers import TOLD
from handlers.knowledge.port import Known, OpenQuestion, Written
from storage.numbers import NEXT
from storage.schema import faq, open_questions, timers
from storage.shelf import shelf
from storage.sql import Prepared
from storage.transaction import Transaction

BEST = 3  # answers a handler is given
LISTED = 20
_q = open_questions.c
_OPEN_COLUMNS = (_q.id, _q.number, _q.community, _q.person, _q.words, _q.reply)
_NUMBERED = Prepared(select(*_OPEN_COLUMNS).where(_q.number == bindparam("number")))
_WAITING = Prepared(
    select(*_OPEN_COLUMNS)
    .where(_q.replied.is_(None), _q.community.in_([bindparam("community"), 0]))
    .order_by(_q.id)
    .limit(LISTED)
)
_WRITTEN_COLUMNS = (faq.c.id, faq.c.community, faq.c.question, faq.c.revision, faq.c.gone)
_WRITTEN = Prepared(select(*_WRITTEN_COLUMNS).where(faq.c.id == bindparam("answer")))
_CALLED = Prepared(
    select(*_WRITTEN_COLUMNS).where(
        faq.c.community == bindparam("community"), faq.c.question == bindparam("question")
    )
)
_TIMER = Prepared(
    select(timers.c.kind).where(timers.c.ticket == bindparam("community"), timers.c.kind == bindparam("kind")),
    kept=True,
)


class ReadKnowledge:
    """The part of handlers.read.Read that is about questions and answers."""

    def __init__(self, tx: Transaction, database: int, numbers: Callable[[str], int] | None) -> None:
        self.tx = tx
        self._database = database
        self._question_numbers = numbers or (lambda name: int(tx.one(NEXT, name=name)[0]))

    def known_answers(self, words: str, community: int | None, today: date) -> tuple[Known, ...]:
        return shelf(self.tx, self._database).find(words, community, today, BEST)

    def known_answer(self, answer: int) -> Known | None:
        found = shelf(self.tx, self._database)
        return found.known(answer) if answer in found.rows else None

    def written_answer(self, answer: int) -> Written | None:
        row = self.tx.one(_WRITTEN, answer=answer)
        return Written(*row) if row else None

    def answer_called(self, community: int, question: str) -> Written | None:
        row = self.tx.one(_CALLED, community=community, question=question)
        return Written(*row) if row else None

    def new_question_number(self) -> int:
        return self._question_numbers("questions")

    def open_question(self, number: int) -> OpenQuestion | None:
        row = self.tx.one(_NUMBERED, number=number)
        return _open(row) if row else None

    def open_questions(self, communities: tuple[int, ...]) -> tuple[OpenQuestion, ...]:
        found: dict[int, OpenQuestion] = {}
        for community in communities:
            found |= {row[0]: _open(row) for row in self.tx.rows(_WAITING, community=community)}
        return tuple(found[key] for key in sorted(found))[:LISTED]

    def question_waiting(self, community: int) -> bool:
        return self.tx.one(_TIMER, community=community, kind=TOLD) is not None


def _open(row: Sequence[Any]) -> OpenQuestion:
    question, number, community, person, words, reply = row
    return OpenQuestion(question, number, community, person, words, reply or "")
