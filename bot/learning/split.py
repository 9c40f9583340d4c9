"""Splits examples so that every label keeps its share; the same seed splits the same way."""

from __future__ import annotations

import random
from collections.abc import Sequence


def stratified(labels: Sequence[str], aside: float, seed: int) -> tuple[list[int], list[int]]:
    """(places to learn from, places to judge by), both in order. Of each label at least one is learned from, and
    one judged by when there are two."""
    of: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        of.setdefault(label, []).append(at)
    chance = random.Random(seed)  # noqa: S311 - a split, not a secret
    judged: list[int] = []
    for label in sorted(of):
        places = of[label]
        chance.shuffle(places)
        judged += places[: min(len(places) - 1, max(1, round(aside * len(places))))]
    chosen = set(judged)
    return [at for at in range(len(labels)) if at not in chosen], sorted(chosen)


def apart(texts: Sequence[str], labels: Sequence[str], aside: float, seed: int) -> tuple[list[int], list[int]]:
    """As `stratified`, but what is judged by is nowhere among what is learned from: a text that comes more than once
    stays whole on one side. Nothing is kept aside where no label has two texts."""
    places: dict[str, list[int]] = {}
    for at, text in enumerate(texts):
        places.setdefault(text, []).append(at)
    each = list(places.values())
    _, judged = stratified([labels[one[0]] for one in each], aside, seed)
    chosen = {at for one in judged for at in each[one]}
    return [at for at in range(len(labels)) if at not in chosen], sorted(chosen)


def folds(labels: Sequence[str], count: int, seed: int) -> list[list[int]]:
    """The places in `count` parts of about the same make-up; each place in exactly one."""
    of: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        of.setdefault(label, []).append(at)
    chance = random.Random(seed)  # noqa: S311 - a split, not a secret
    parts: list[list[int]] = [[] for _ in range(count)]
    turn = 0
    for label in sorted(of):
        places = of[label]
        chance.shuffle(places)
        for place in places:
            parts[turn % count].append(place)
            turn += 1
    return [sorted(part) for part in parts]
