"""What the small models say of a message. Messages that differ only in their numbers are weighed once."""

from __future__ import annotations

from functools import cached_property, lru_cache

from nlp import features
from nlp.model import model
from nlp.types import INTENTS

_SHORT = 48  # characters of a line that may come again: in a power cut a whole 小区 writes the same, each from his 幢
_CODES = 6  # likeliest that are looked at


class Weighed:
    """Chances of a `features.line` and what the rules found. `intents`: likeliest first; `danger`: that somebody is
    in danger now."""

    def __init__(self, line: str, ruled: tuple[str, ...]) -> None:
        known = model()
        self._sums = known.sums(features.written(line), list(ruled))
        self.intents = tuple(known.chances("intent", self._sums, len(INTENTS)))
        self.danger = known.chance("danger", self._sums, "danger")
        self._actions: dict[str, str] = {}

    @cached_property
    def codes(self) -> tuple[tuple[str, float], ...]:
        """Likeliest first; worked out when asked for: who greets or votes reports nothing."""
        return tuple(model().chances("category", self._sums, _CODES))

    def action(self, intent: str) -> str:
        """The likeliest action of an intent."""
        action = self._actions.get(intent)
        if action is None:
            action = model().likeliest("action", self._sums, f"{intent}/").partition("/")[2]
            self._actions[intent] = action = "" if action == "other" else action
        return action


def weighed(line: str, ruled: tuple[str, ...]) -> Weighed:
    """What the models make of a line and the findings of the rules."""
    return _kept(line, ruled) if len(line) <= _SHORT else Weighed(line, ruled)


_kept = lru_cache(maxsize=1024)(Weighed)  # some 2 MB
