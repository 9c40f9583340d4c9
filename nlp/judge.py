"""What the evidence of a message comes to: intents, categories and danger with chances, by the small models.

Rules go first (a command is a command, a danger word in earnest is a danger); the models weigh everything else, with
what the rules found among their evidence. A chance is calibrated on lines kept aside (`Head.sharp`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from nlp import evidence, intents
from nlp.evidence import Evidence
from nlp.intents import Guess
from nlp.model import Sums, model
from nlp.types import INTENTS

FLOOR = 0.2  # below, nothing is claimed
CODE_FLOOR = 0.3  # a category the rules do not know is named from here
_RULES_IN_INTENT = 0.1  # share of the cue rules in the chance of an intent
_RULES_IN_CODE = 0.15  # share of the word rules in the chance of a category
_ASKED = 0.78  # the chance of a question about a thing that works
_UNKNOWN = 0.35  # the models know nothing: the cue words are taken,
_CUED = 0.55  # with this chance
_HEAVY = 1.5  # added to the weights of the rules: little found is little said
_chance = itemgetter(1)


@dataclass(frozen=True)
class Judgement:
    """Likeliest first. `danger`: the chance that somebody is in danger now."""

    one: Evidence
    intents: tuple[tuple[str, float], ...]
    danger: float
    cue: Guess  # what the cue words alone say
    sums: Sums

    @cached_property
    def codes(self) -> tuple[tuple[str, float], ...]:
        """Worked out when asked for: who greets or votes reports nothing."""
        return _codes(self.one, self.sums)

    def action(self, intent: str) -> str:
        """The likeliest action of an intent."""
        action = model().likeliest("action", self.sums, f"{intent}/").partition("/")[2]
        return "" if action == "other" else action


def judge(one: Evidence) -> Judgement:
    """Weighs the evidence; some 70 µs for a short message."""
    known = model()
    written, ruled = evidence.pieces(one)
    sums = known.sums(written, ruled)
    danger = known.chance("danger", sums, "danger")
    cue = intents.guess(one.cues)
    return Judgement(one, _intents(one, cue, sums), danger, cue, sums)


def _intents(one: Evidence, cue: Guess, sums: Sums) -> tuple[tuple[str, float], ...]:
    found = model().chances("intent", sums, len(INTENTS))
    likely = found[0][0]
    if not cue.intent:
        return tuple(found[:5])
    chances = {intent: chance * (1.0 - _RULES_IN_INTENT) for intent, chance in found}
    chances[cue.intent] += cue.score * _RULES_IN_INTENT
    if chances[cue.intent] > chances[likely]:
        likely = cue.intent
    asked = cue.intent == "consult" and not one.cues.fault and likely == "report_issue" and "请问" in one.plain
    if likely != cue.intent and (asked or chances[likely] < _UNKNOWN):
        # Who says 请问 of a thing that works, asks; what the models do not know, the cue words decide.
        chances[likely] = min(chances[likely], 1.0 - _CUED)
        chances[cue.intent] = _ASKED if asked else _CUED
    return tuple(sorted(chances.items(), key=_chance, reverse=True)[:5])


def _codes(one: Evidence, sums: Sums) -> tuple[tuple[str, float], ...]:
    ranking = one.read.ranking
    found = model().chances("category", sums, 6)
    if not ranking.best:
        return tuple(found)
    chances = {code: chance * (1.0 - _RULES_IN_CODE) for code, chance in found}
    whole = sum(weight for _, weight in ranking.codes) + _HEAVY
    for code, weight in ranking.codes:
        chances[code] = chances.get(code, 0.0) + _RULES_IN_CODE * weight / whole
    return tuple(sorted(chances.items(), key=_chance, reverse=True)[:6])
