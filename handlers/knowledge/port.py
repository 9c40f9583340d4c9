"""What answers from the knowledge base 知识库 need to know: their values and the questions they ask of storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Known:
    """An answer the community wrote. `likeness` (0–1): how surely it is what was asked (nlp/search.py)."""

    id: int
    community: int  # 0: for all
    question: str
    answer: str
    source: str
    until: date | None = None
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question nobody could answer yet. `reply` is what the desk answered, "" while it waits."""

    id: int
    number: int  # what the desk calls it: 答 3 …
    community: int
    person: int
    words: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it stands in the knowledge base. `revision` rises by one with each change; `gone`: 下架."""

    id: int
    community: int  # 0: for all
    question: str
    revision: int
    gone: bool


class ReadKnowledge(Protocol):
    def known_answers(self, words: str, community: int | None, today: date) -> tuple[Known, ...]:
        """The likeliest three of this community and of all that are valid today, the best first; None: of any."""
        ...

    def known_answer(self, answer: int) -> Known | None: ...
    def written_answer(self, answer: int) -> Written | None: ...
    def answer_called(self, community: int, question: str) -> Written | None:
        """The answer of exactly this community (0: the one for all) to exactly this question, also 下架."""
        ...

    def new_question_number(self) -> int: ...
    def open_question(self, number: int) -> OpenQuestion | None:
        """Also one that was answered."""
        ...

    def open_questions(self, communities: tuple[int, ...]) -> tuple[OpenQuestion, ...]:
        """Not answered yet, of these communities and of people whose community is not known, oldest first, ≤ 20."""
        ...

    def question_waiting(self, community: int) -> bool:
        """Whether the desk will be told of open questions anyway."""
        ...
