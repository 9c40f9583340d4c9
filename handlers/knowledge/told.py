"""Who is told of questions and answers: the asker of the reply, the desk of what waits, in one line for all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from handlers.knowledge import texts
from handlers.knowledge.facts import KnowledgeFact, QuestionReplied, QuestionsTold
from handlers.policy import Policy
from handlers.read import Read
from handlers.types import Fact, Push, Rank


def of(fact: KnowledgeFact, read: Read) -> Iterable[Push]:
    match fact:
        case QuestionReplied():
            return (Push(fact.person, texts.replied(fact.asked, fact.words), "progress", Rank.REPLY),)
        case QuestionsTold():
            text = texts.waiting(fact.waiting)
            return tuple(Push(person, text, "notice") for person in read.desk(fact.community))
        case _:
            return ()


def due(kind: str, community: int, now: datetime, policy: Policy, read: Read) -> tuple[Fact, ...]:
    """The timer of a community: what waits, if anything still does."""
    waiting = len(read.open_questions((community,)))
    return (QuestionsTold(community, waiting),) if waiting else ()
