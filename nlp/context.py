"""The same words by who says them and in the middle of what: 「同意」「好了」「报名」 said by a leader or a resident.

Reads again what was already understood; looks at no text.
"""

from __future__ import annotations

from dataclasses import dataclass

from nlp.quick import quick, replace
from nlp.types import SURE, Understanding

STAFF = "staff_ops"
CLEAR = 0.95  # chance from which the models alone may start something else in the middle of a conversation
_ASIDES = {"points": 0.85, "query_progress": 0.85}  # the same for what answers no question of any form


@quick
@dataclass(frozen=True, slots=True)
class Context:
    """`staff`: the sender holds a post. `open`: a question waits for an answer, so that only clear words start
    something else. `expects`: intents the open conversation or the last push waits for, likeliest first."""

    staff: bool = False
    open: bool = False
    expects: tuple[str, ...] = ()


def within(said: Understanding, context: Context) -> Understanding:
    """The reading that fits the context, among those the words allow. An emergency is never read away."""
    if said.readings and said.readings[0][0] == STAFF and "intent" in said.told and said.score < CLEAR:
        said = replace(said, score=CLEAR)  # a command both sides use is unsure only while nobody knows who writes
    return _settled(_within(said, context), context.open)


def _settled(said: Understanding, answering: bool) -> Understanding:
    """What may be acted on: a reading that is not sure is only offered (`readings`), never taken."""
    if said.urgency == "emergency":
        return said
    clear = "intent" in said.told or not answering or said.score >= _ASIDES.get(said.intent, CLEAR)
    if said.intent and not (said.sure and clear):
        said = replace(said, intent="", action="")
    weak = answering or not said.issues or said.issues[0].score < SURE
    if said.category and "category" not in said.told and weak:
        issues = tuple(replace(issue, category="", score=0.0) for issue in said.issues[:1]) if said.intent else ()
        said = replace(said, category="", category_top3=(), issues=issues)
    return said


def _within(said: Understanding, context: Context) -> Understanding:
    if said.urgency == "emergency" or len(said.readings) < 2:
        return said
    for intent in context.expects:
        for reading in said.readings:
            if reading[0] == intent and (_told(said, reading) or reading[2] >= 0.2):
                return _taken(said, reading, f"context: the conversation waits for {intent}")
    first = said.readings[0]
    if context.staff and first[0] != STAFF:
        for reading in said.readings[1:]:
            if reading[0] == STAFF and (_told(said, reading) or ("intent" not in said.told and reading[2] >= 0.3)):
                return _taken(said, reading, "context: said by staff")
    if not context.staff and first[0] == STAFF and not said.sure:
        return _taken(said, said.readings[1], "context: no post, so no staff command")
    return said


def _told(said: Understanding, reading: tuple[str, str, float]) -> bool:
    """The command grammar itself names this as the other meaning of the words."""
    return f"also:{reading[0]}/{reading[1]}" in said.why


def _taken(said: Understanding, reading: tuple[str, str, float], why: str) -> Understanding:
    if reading[:2] == (said.intent, said.action):
        return said
    intent, action, chance = reading
    others = tuple(one for one in said.readings if one[:2] != reading[:2])
    return replace(
        said, intent=intent, action=action, score=max(chance, 0.8), readings=(reading, *others), why=(*said.why, why)
    )
