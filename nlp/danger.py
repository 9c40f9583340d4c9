"""Danger by the rules of words, corrected both ways by the small model.

What no rule has a word for is raised, a word that is no danger is taken back. Two-sided (domain.md §9.1): a missed
one waits, a false one weakens the next alarm.
"""

from __future__ import annotations

from dataclasses import replace

from nlp.evidence import Evidence, gather
from nlp.judge import Judgement, judge
from nlp.place import without
from nlp.types import PlaceReading
from nlp.urgency import Alarm

RAISED = 0.6  # chance from which danger is raised that no word of danger.txt names
DOUBTED = 0.05  # chance below which a danger word that stands alone is no danger
_ADVICE = {
    "0501": "lift", "0503": "lift", "0404": "gas", "0704": "fire", "0702": "fire", "0403": "electric",
    "0402": "water", "0706": "fall", "1002": "fall", "0105": "fall", "0202": "fall", "0303": "structure",
    "0305": "structure", "1202": "person", "1201": "person", "0705": "violence", "1207": "violence",
    "1205": "child", "0707": "animal", "0203": "lock",
}  # fmt: skip


def alarm(one: Evidence, verdict: Judgement) -> Alarm:
    """The alarm of the words with the model's correction; a danger raised has the advice of its likeliest code."""
    said = one.read.alarm
    if said.urgency == "emergency":
        doubted = one.command is None and len(said.hits) == 1 and verdict.danger < DOUBTED
        return replace(said, urgency="normal", danger="") if doubted else said
    if one.command is not None or verdict.danger < RAISED or not said.kinds.isdisjoint(("calm", "hypothetical")):
        return said
    key = next((_ADVICE[code] for code, _ in verdict.codes[:3] if code in _ADVICE), "")
    return replace(said, urgency="emergency", danger=key) if key else said


def hidden(one: Evidence, verdict: Judgement, place: PlaceReading) -> tuple[Alarm, Judgement] | None:
    """What the words say without their address, when that is a danger which beside the name of a 小区 was not heard;
    None else. Looked at only where the whole leaves it open."""
    if not place.spans or one.command is not None or verdict.danger < DOUBTED:
        return None
    alone = gather(without(one.clean, place.spans))
    heard = judge(alone)
    raised = alarm(alone, heard)
    return (raised, heard) if raised.urgency == "emergency" else None
