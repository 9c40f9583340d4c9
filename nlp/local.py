"""What the desks of this place have taught: learned models held beside the shipped ones, and when they are heard.

Set by `use` when the program starts and whenever a model is switched, like the words of `words.load`. They speak only
where the shipped reading is unsure or says the same, never about danger and never against a command.
"""

from __future__ import annotations

from dataclasses import replace

from nlp.category import ENOUGH, Ranking
from nlp.linear import Model

SURE = 0.6  # from this chance on the shipped reading stands
TRUST = 0.5  # less sure than this, a learned model says nothing
KNOWN = 0.5  # share of a text's pieces a learned model must have seen before it is asked
KINDS = ("category", "intent")
UNTAUGHT = ("emergency", "staff_ops")
_MOST = 0.99

_state: dict[str, dict[str, Model]] = {"held": {}}


def use(models: dict[str, Model]) -> None:
    """By kind, in place of all that were held; a kind without a model is read as shipped."""
    _state["held"] = dict(models)  # at once: readers in other threads see the old or the new, never half


def held() -> object:
    """Another object after every `use`: what was read before it may be read otherwise now."""
    return _state["held"]


def opinion(kind: str, words: str) -> tuple[str, float]:
    """The label and its chance, ("", 0) when no model is held, sure enough or knows these words."""
    model = _state["held"].get(kind)
    if model is None or not words or model.known(words) < KNOWN:
        return "", 0.0
    label, chance = model.best(words)
    return (label, chance) if chance >= TRUST else ("", 0.0)


def ranked(shipped: Ranking, words: str) -> Ranking:
    """The shipped ranking of the categories, corrected by what was taught."""
    code, chance = opinion("category", words)
    if not code:
        return shipped
    if shipped.best == code:
        return replace(shipped, chance=max(shipped.score, chance))
    if shipped.best and shipped.score >= SURE:
        return shipped
    rest = tuple(item for item in shipped.codes if item[0] != code)
    return Ranking(((code, max(shipped.weight, ENOUGH)), *rest), chance)


def meant(intent: str, chance: float, words: str) -> tuple[str, float]:
    """The shipped intent with its chance, corrected by what was taught; danger and orders are never taught."""
    taught, sure = opinion("intent", words)
    if taught == intent:
        return intent, max(chance, min(sure, _MOST))
    if not taught or taught in UNTAUGHT or chance >= SURE:
        return intent, chance
    return taught, sure
