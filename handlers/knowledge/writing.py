"""The desk writes the knowledge base: an answer new or changed, taken away, given again; a question answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.knowledge import texts
from handlers.knowledge.facts import AnswerRetired, AnswerWritten, QuestionReplied
from handlers.knowledge.port import OpenQuestion, Written
from handlers.knowledge.rules import SHANGHAI
from handlers.read import Read
from handlers.types import Outcome, Person, Refused, Reply, Role

QUESTION, ANSWER, SOURCE, VARIANTS = 200, 1000, 120, 20


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as it was typed. `answer`: 0 for a new one; `revision`: of the one that was on the screen.

    `since`, `until`: 2026-06-01, "" for always.
    """

    community: int
    question: str
    words: str
    variants: tuple[str, ...] = ()
    source: str = ""
    since: str = ""
    until: str = ""
    answer: int = 0
    revision: int = 0


def faults(draft: Draft) -> dict[str, str]:
    """What is wrong with a draft in itself, by the name of its field; {} when nothing is."""
    found = {}
    if not 0 < len(draft.question) <= QUESTION:
        found["question"] = texts.FAULTS["question"]
    if not 0 < len(draft.words) <= ANSWER:
        found["answer"] = texts.FAULTS["answer"]
    if len(draft.variants) > VARIANTS or any(len(way) > QUESTION for way in draft.variants):
        found["variants"] = texts.FAULTS["variants"]
    if len(draft.source) > SOURCE:
        found["source"] = texts.FAULTS["source"]
    days = {name: _day(text) for name, text in (("since", draft.since), ("until", draft.until))}
    found |= {name: texts.FAULTS["since"] for name, day in days.items() if day is None and getattr(draft, name)}
    if days["since"] and days["until"] and days["until"] < days["since"]:
        found["until"] = texts.FAULTS["until"]
    return found


def write(draft: Draft, by: Person, read: Read) -> Outcome:
    """Raises Refused: not theirs, changed meanwhile, or the question has an answer already."""
    wrong = faults(draft)
    if wrong:
        raise Refused(next(iter(wrong.values())))
    if draft.community not in by.scopes(Role.DESK):
        raise Refused(texts.NOT_HERE)
    if draft.answer:
        _unchanged(_own(draft.answer, by, read), draft.revision)
    other = read.answer_called(draft.community, draft.question)
    if other is not None and other.id != draft.answer:
        raise Refused(texts.SAME_RETIRED if other.gone else texts.SAME_QUESTION)
    fact = AnswerWritten(
        draft.answer or read.new_id(), draft.community, by.id, draft.source, draft.since, draft.until,
        draft.question, draft.words, draft.variants,
    )  # fmt: skip
    return Outcome(replies=(Reply(texts.SAVED),), facts=(fact,))


def retire(answer: int, by: Person, read: Read, *, back: bool = False) -> Outcome:
    """Raises Refused."""
    if _own(answer, by, read).gone is not back:
        raise Refused(texts.NOT_RETIRED)
    text = texts.RESTORED if back else texts.RETIRED
    return Outcome(replies=(Reply(text),), facts=(AnswerRetired(answer, by.id, back),))


def reply(number: int, words: str, draft: Draft | None, by: Person, now: datetime, read: Read) -> Outcome:
    """Answer the one who asked and, with a draft, everybody who will ask: in one step. Raises Refused."""
    found = _asked(number, by, read)
    if not 0 < len(words) <= ANSWER:
        raise Refused(texts.FAULTS["words"])
    if found.reply:
        raise Refused(texts.ALREADY.format(number=number))
    told = QuestionReplied(found.id, number, by.id, found.person, found.words, words)
    out = Outcome(replies=(Reply(texts.REPLIED.format(number=number)),), facts=(told,))
    if draft is None:
        return out
    day = now.astimezone(SHANGHAI).date()
    kept = write(replace(draft, source=draft.source or f"{texts.SOURCE} {day.isoformat()}"), by, read)
    return replace(out, replies=(Reply(texts.KEPT),), facts=(told, *kept.facts))


def _asked(number: int, by: Person, read: Read) -> OpenQuestion:
    ours = by.scopes(Role.DESK)
    if not ours:
        raise Refused(texts.WHO_ANSWERS)
    found = read.open_question(number)
    if found is None:
        raise Refused(texts.NO_SUCH.format(number=number))
    if found.community and found.community not in ours:
        raise Refused(texts.NOT_YOURS.format(number=number))
    return found


def _own(answer: int, by: Person, read: Read) -> Written:
    found = read.written_answer(answer)
    if found is None:
        raise Refused(texts.GONE_AWAY)
    if found.community not in by.scopes(Role.DESK):
        raise Refused(texts.NOT_HERE)
    return found


def _unchanged(found: Written, revision: int) -> None:
    if found.revision != revision:
        raise Refused(texts.CHANGED)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
