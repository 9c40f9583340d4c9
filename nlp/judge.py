"""What the evidence of a message comes to: intents, categories and danger with chances, by the small models.

Rules go first (a command is a command, a danger word in earnest is a danger); the models weigh everything else, with
what the rules found among their evidence. A chance is calibrated on lines kept aside (`Head.sharp`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from nlp import evidence, features, intents
from nlp.evidence import Evidence
from nlp.intents import Guess
from nlp.weighed import Weighed, weighed

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
    said: Weighed  # what the models alone say

    @cached_property
    def codes(self) -> tuple[tuple[str, float], ...]:
        """Worked out when asked for: who greets or votes reports nothing."""
        return _codes(self.one, self.said)

    def action(self, intent: str) -> str:
        """The likeliest action of an intent."""
        return self.said.action(intent)


def judge(one: Evidence) -> Judgement:
    """Weighs the evidence; some 60 µs for a short message, 15 where only its numbers are new."""
    said = weighed(features.line(one.plain), tuple(evidence.ruled(one)))
    cue = intents.guess(one.cues)
    return Judgement(one, _intents(one, cue, said), said.danger, cue, said)


def _intents(one: Evidence, cue: Guess, said: Weighed) -> tuple[tuple[str, float], ...]:
    found = said.intents
    likely = found[0][0]
    if not cue.intent:
        return found[:5]
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


def _codes(one: Evidence, said: Weighed) -> tuple[tuple[str, float], ...]:
    ranking = one.read.ranking
    found = said.codes
    if not ranking.best:
        return found
    chances = {code: chance * (1.0 - _RULES_IN_CODE) for code, chance in found}
    whole = sum(weight for _, weight in ranking.codes) + _HEAVY
    for code, weight in ranking.codes:
        chances[code] = chances.get(code, 0.0) + _RULES_IN_CODE * weight / whole
    return tuple(sorted(chances.items(), key=_chance, reverse=True)[:6])
