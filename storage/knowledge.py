"""Applies what happens to questions and answers; how they are found is in shelf.py."""

from __future__ import annotations

from typing import assert_never

from sqlalchemy import BindParameter, bindparam, select, update

from handlers.knowledge import facts as f
from storage.columns import Utc
from storage.pen import Pen
from storage.schema import faq, faq_versions, open_questions
from storage.sql import Prepared

KnowledgeFact = (
    f.QuestionAnswered
    | f.AnswerJudged
    | f.QuestionOpened
    | f.QuestionReplied
    | f.AnswerKept
    | f.QuestionsTold
    | f.AnswerWritten
    | f.AnswerRetired
)
_QUESTION = 200  # characters of a question in the table

_answer: BindParameter[int] = bindparam("answer")
_ASKED = Prepared(update(faq).where(faq.c.id == _answer).values(asked=faq.c.asked + 1), unread=True)
_HELPED = Prepared(update(faq).where(faq.c.id == _answer).values(helped=faq.c.helped + 1), unread=True)
_NOT_HELPED = Prepared(update(faq).where(faq.c.id == _answer).values(not_helped=faq.c.not_helped + 1), unread=True)
_OPENED = Prepared(
    open_questions.insert().values(
        **{name: bindparam(name) for name in ("id", "number", "community", "person", "words", "at")}
    ),
    log=True,
)
_REPLIED = Prepared(
    update(open_questions)
    .where(open_questions.c.id == bindparam("question"))
    .values(reply=bindparam("reply"), replied=bindparam("now", type_=Utc()))
)
_columns = ("id", "community", "question", "variants", "answer", "source")
_KEPT = Prepared(
    lambda insert: (
        (new := insert(faq)).values(
            **{name: bindparam(name, type_=faq.c[name].type) for name in _columns}, valid_from="", valid_until="",
            gone=False, revision=1, asked=0, helped=0, not_helped=0,
        )
    ).on_conflict_do_update(
        index_elements=["community", "question"],
        set_={
            "answer": new.excluded.answer, "source": new.excluded.source, "gone": False, "valid_from": "",
            "valid_until": "", "revision": faq.c.revision + 1,
        },
    )
)  # fmt: skip
_more = (*_columns, "valid_from", "valid_until")
_WRITTEN = Prepared(
    lambda insert: (
        (new := insert(faq)).values(
            **{name: bindparam(name, type_=faq.c[name].type) for name in _more}, gone=False, revision=1, asked=0,
            helped=0, not_helped=0,
        )
    ).on_conflict_do_update(
        index_elements=["id"],
        set_={name: new.excluded[name] for name in _more[2:]} | {"revision": faq.c.revision + 1},
    )
)  # fmt: skip
_RETIRED = Prepared(
    update(faq).where(faq.c.id == _answer).values(gone=bindparam("retired"), revision=faq.c.revision + 1)
)
_before = ("question", "variants", "answer", "source", "valid_from", "valid_until", "gone")
_STOOD = Prepared(select(*(faq.c[name] for name in _before)).where(faq.c.id == _answer))
_VERSION = Prepared(
    faq_versions.insert().values(
        **{column.name: bindparam(column.name, type_=column.type) for column in faq_versions.c}
    )
)


def _keep_version(answer: int, by: int, pen: Pen) -> None:
    """What the answer says now becomes history."""
    stood = pen.tx.one(_STOOD, answer=answer)
    if stood is not None:
        question, variants, words, source, valid_from, valid_until, gone = stood
        pen.tx.write(
            _VERSION, id=pen.new_id(), answer=answer, at=pen.now, by=by, question=question, variants=variants,
            words=words, source=source, valid_from=valid_from, valid_until=valid_until, gone=gone,
        )  # fmt: skip


def apply(fact: KnowledgeFact, pen: Pen) -> None:
    tx = pen.tx
    match fact:
        case f.QuestionAnswered(answer):
            tx.write(_ASKED, answer=answer)
        case f.AnswerJudged(answer, _, helped):
            tx.write(_HELPED if helped else _NOT_HELPED, answer=answer)
        case f.QuestionOpened(question, number, community, person, words):
            tx.write(
                _OPENED, id=question, number=number, community=community, person=person, words=words, at=pen.now
            )  # fmt: skip
        case f.QuestionReplied(question=question, words=words):
            tx.write(_REPLIED, question=question, reply=words, now=pen.now)
        case f.AnswerWritten(answer, community, by, source, valid_from, valid_until, question, words, variants):
            _keep_version(answer, by, pen)
            tx.write(
                _WRITTEN, id=answer, community=community, question=question[:_QUESTION], variants=list(variants),
                answer=words, source=source, valid_from=valid_from, valid_until=valid_until,
            )  # fmt: skip
        case f.AnswerRetired(answer, by, back):
            _keep_version(answer, by, pen)
            tx.write(_RETIRED, answer=answer, retired=not back)
        case f.AnswerKept(answer, community, by, source, question, words):
            known = pen.reader.answer_called(community, question[:_QUESTION])
            if known is not None:
                _keep_version(known.id, by, pen)
            tx.write(
                _KEPT, id=answer, community=community, question=question[:_QUESTION], variants=[], answer=words,
                source=source,
            )  # fmt: skip
        case f.QuestionsTold():
            pass  # only logged
        case _:
            assert_never(fact)
