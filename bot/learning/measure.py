"""How good labels with scores are, in figures; plain arithmetic, knows neither models nor files."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COVERAGES = (0.8, 0.9, 0.95)
_BINS = 10
_95 = 1.96  # standard deviations


@dataclass(frozen=True, slots=True)
class PerClass:
    """Of one label: 0–1, and how many texts truly have it."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Measured:
    """`confusion[true][given]` counts; `at_coverage`: accuracy on the surest part of the texts, by its size.

    `ece`: expected calibration error over ten equal steps of score, 0 when scores mean what they say.
    """

    texts: int
    macro_f1: float
    accuracy: float
    ece: float
    per_class: Mapping[str, PerClass]
    confusion: Mapping[str, Mapping[str, int]]
    at_coverage: Mapping[str, float] = field(default_factory=dict)


def measure(true: Sequence[str], given: Sequence[tuple[str, float]]) -> Measured:
    """`given`: the best label of each text with its score. Macro-F1 is over the labels that truly occur.

    Raises ValueError for no texts or lists of different length.
    """
    if not true or len(true) != len(given):
        raise ValueError("没有可以评的文字。")
    confusion: dict[str, Counter[str]] = {}
    for label, (said, _) in zip(true, given, strict=True):
        confusion.setdefault(label, Counter())[said] += 1
    claimed = Counter(said for said, _ in given)
    classes = {label: _one(label, confusion, claimed) for label in sorted(confusion)}
    right = [label == said for label, (said, _) in zip(true, given, strict=True)]
    scores = [score for _, score in given]
    return Measured(
        texts=len(true),
        macro_f1=sum(one.f1 for one in classes.values()) / len(classes),
        accuracy=sum(right) / len(right),
        ece=_calibration(right, scores),
        per_class=classes,
        confusion={label: dict(sorted(row.items())) for label, row in sorted(confusion.items())},
        at_coverage={f"{part:.2f}": _surest(right, scores, part) for part in COVERAGES},
    )


def give_or_take(found: Measured) -> float:
    """By how much the accuracy of other texts of the same kind may differ, in 95 of 100 cases (Wilson)."""
    count, share = found.texts, found.accuracy
    return _95 * math.sqrt(share * (1 - share) / count + _95**2 / (4 * count**2)) / (1 + _95**2 / count)


def as_json(found: Measured) -> dict[str, Any]:
    """The object `jushe eval --json` prints (design.md §3 and more)."""
    return {
        "texts": found.texts,
        "macro_f1": round(found.macro_f1, 4),
        "accuracy": round(found.accuracy, 4),
        "give_or_take": round(give_or_take(found), 4),
        "ece": round(found.ece, 4),
        "accuracy_at_coverage": {part: round(value, 4) for part, value in found.at_coverage.items()},
        "per_class": {
            label: {
                "precision": round(one.precision, 4), "recall": round(one.recall, 4), "f1": round(one.f1, 4),
                "support": one.support,
            }
            for label, one in found.per_class.items()
        },
        "confusion": {label: dict(row) for label, row in found.confusion.items()},
    }  # fmt: skip


def _one(label: str, confusion: Mapping[str, Counter[str]], claimed: Counter[str]) -> PerClass:
    hits = confusion[label][label]
    support = confusion[label].total()
    precision = hits / claimed[label] if claimed[label] else 0.0
    recall = hits / support
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return PerClass(precision, recall, f1, support)


def _calibration(right: Sequence[bool], scores: Sequence[float]) -> float:
    bins: list[list[tuple[bool, float]]] = [[] for _ in range(_BINS)]
    for hit, score in zip(right, scores, strict=True):
        bins[min(int(score * _BINS), _BINS - 1)].append((hit, score))
    return sum(abs(sum(hit for hit, _ in one) - sum(score for _, score in one)) for one in bins if one) / len(right)


def _surest(right: Sequence[bool], scores: Sequence[float], part: float) -> float:
    """Accuracy on the `part` of the texts with the highest scores."""
    order = sorted(range(len(right)), key=lambda at: -scores[at])
    kept = order[: max(1, round(part * len(order)))]
    return sum(right[at] for at in kept) / len(kept)
