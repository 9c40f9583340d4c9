"""Which of the 90 codes of domain.md §2.7 a text is about, by the word rules of categories.txt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from nlp.lexicon import Hit, Scan, lexicon
from nlp.quick import quick

ENOUGH = 1.5  # less is only a hint


@quick
@dataclass(frozen=True, slots=True)
class Ranking:
    """Codes with their weights, best first. `chance` of the best by the models, 0 where only rules spoke."""

    codes: tuple[tuple[str, float], ...] = ()
    chance: float = 0.0

    @property
    def best(self) -> str:
        return self.codes[0][0] if self.codes and self.codes[0][1] >= ENOUGH else ""

    @property
    def weight(self) -> float:
        return self.codes[0][1] if self.codes else 0.0

    @property
    def score(self) -> float:
        """0–1: how heavy the best is and how far the next lies behind."""
        if not self.codes or self.chance:
            return round(self.chance, 3)
        best = self.codes[0][1]
        second = self.codes[1][1] if len(self.codes) > 1 else 0.0
        return round(min(0.99, best / (best + 2.5) * (1.0 - 0.35 * second / best)), 3)

    @property
    def top3(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.codes[:3])


NONE = Ranking()
_FEW = 16  # words; a text with more of them hardly comes again
_MOST = 4096  # sets of words kept, some 2 MB
_known: dict[frozenset[int], Ranking] = {}  # which words a text has decides, not where they stand


def rank(scan: Scan, danger: Iterable[Hit] = ()) -> Ranking:
    """Weights of the codes; a danger found adds to the code it usually belongs to."""
    if danger or len(scan.present) > _FEW:
        return _weighed(scan, danger)
    words = scan.present & lexicon().used("categories")
    found = _known.get(words)
    if found is None:
        if len(_known) >= _MOST:
            _known.clear()
        found = _known[words] = _weighed(scan, ())
    return found


def _weighed(scan: Scan, danger: Iterable[Hit]) -> Ranking:
    weights: dict[str, float] = {}
    others: dict[str, float] = {}
    for hit in lexicon().hits("categories", scan):
        known = weights.get(hit.target)
        if known is None:
            weights[hit.target] = hit.weight
        else:
            others[hit.target] = others.get(hit.target, 0.0) + min(known, hit.weight)
            weights[hit.target] = max(known, hit.weight)
    for hit in danger:
        code = hit.target.partition(" ")[2]
        if code:
            weights[code] = max(weights.get(code, 0.0), 2.0) + min(hit.weight, 4.0) * 0.5
    if not weights:
        return NONE
    for code, weight in others.items():
        weights[code] += min(0.25 * weight, 1.5)
    total = sorted([(code, round(weight, 3)) for code, weight in weights.items()])
    return Ranking(tuple(sorted(total, key=itemgetter(1), reverse=True)))
