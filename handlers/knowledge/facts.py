"""What can happen to questions and answers, in the past tense. Applied by storage/knowledge.py."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.types import Fact, private
from nlp.quick import quick


class KnowledgeFact(Fact):
    """Base of these."""

    __slots__ = ()


@quick
@dataclass(frozen=True, slots=True)
class QuestionAnswered(KnowledgeFact):
    """A resident was given an answer of the knowledge base."""

    answer: int
    person: int


@dataclass(frozen=True, slots=True)
class AnswerJudged(KnowledgeFact):
    """有帮助 or 没帮助."""

    answer: int
    person: int
    helped: bool


@quick
@dataclass(frozen=True, slots=True)
class QuestionOpened(KnowledgeFact):
    """Nobody knew for certain: it waits for the desk."""

    question: int
    number: int
    community: int
    person: int
    words: str = private()


@dataclass(frozen=True, slots=True)
class QuestionReplied(KnowledgeFact):
    """The desk answered an open question."""

    question: int
    number: int
    by: int
    person: int
    asked: str = private(default="")
    words: str = private(default="")


@dataclass(frozen=True, slots=True)
class AnswerKept(KnowledgeFact):
    """An answer of the desk went into the knowledge base of its community."""

    answer: int
    community: int
    by: int
    source: str
    question: str = private()
    words: str = private()


@dataclass(frozen=True, slots=True)
class AnswerWritten(KnowledgeFact):
    """The desk wrote an answer, or wrote one anew: what it said before is kept in its history."""

    answer: int
    community: int
    by: int
    source: str
    valid_from: str  # 2026-06-01, "": always
    valid_until: str  # the last day
    question: str = private()
    words: str = private()
    variants: tuple[str, ...] = private(default=())


@dataclass(frozen=True, slots=True)
class AnswerRetired(KnowledgeFact):
    """An answer is not given any more 下架; with `back` it is given again."""

    answer: int
    by: int
    back: bool = False


@dataclass(frozen=True, slots=True)
class QuestionsTold(KnowledgeFact):
    """The desk is told that so many questions wait."""

    community: int
    waiting: int
