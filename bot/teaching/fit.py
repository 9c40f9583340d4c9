"""Teaches the small models of nlp/data/model.bin from nlp/training. Needs scikit-learn (extra `train`)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.learning import vectors
from bot.learning.vectors import Fitted
from bot.teaching import corpus
from bot.teaching.corpus import Example
from nlp import evidence, model
from nlp.model import RULE, Head

SEED = 7
STYLES = 3  # other ways of saying each example
FOLDS = 3
_TOP = 127
_NEVER = -1e6  # the margin of a label that was not taught

Pieces = tuple[list[str], list[str]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One head: which label an example has for it ("" : it teaches nothing here). `c` as in scikit-learn; `even`:
    rare labels count as much as frequent ones; `sharp`: measured by folds when 0."""

    name: str
    label: Callable[[Example], str]
    c: float = 1.0
    even: bool = False
    sharp: float = 0.0


TASKS = (
    Task("intent", lambda one: one.intent),
    Task("action", lambda one: f"{one.intent}/{one.action}" if one.intent else "", sharp=1.0),
    Task("category", lambda one: one.code),
    Task("danger", lambda one: "danger" if one.danger else "calm", even=True),
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The file's bytes and what was measured: per measured head the share right on lines kept aside (by folds)."""

    data: bytes
    examples: int
    features: int
    measured: dict[str, float]


def teach(say: Say = lambda line: None) -> Lesson:
    """Reads the examples, styles them, fits every head, measures by folds, and packs the weights."""
    chance = random.Random(SEED)  # noqa: S311 examples, not secrets
    told = [one for example in corpus.examples() for one in corpus.styled(example, chance, STYLES)]
    pieces = [evidence.pieces(evidence.gather(one.text)) for one in told]
    names = _shared(told, pieces)
    table = _table(pieces, names)
    heads: list[Head] = []
    rows: dict[str, dict[int, int]] = defaultdict(dict)
    order = sorted(names, key=lambda name: names[name])
    measured: dict[str, float] = {}
    start = 0
    for task in TASKS:
        labels = [task.label(one) for one in told]
        right, sharp = (0.0, task.sharp) if task.sharp else _by_folds(task, table, labels, told)
        head, weights = _fitted(task, table, labels, start)
        if right:
            measured[task.name] = right
        heads.append(replace(head, sharp=sharp))
        for lane, column in enumerate(weights, start):
            for at, weight in enumerate(column):
                if weight:
                    rows[order[at]][lane] = int(weight)
        start += len(head.labels)
        say(
            f"{task.name}: {len(head.labels)} 类"
            + (f"，留出的例句 {right:.1%} 对，锐度 {sharp:.2f}" if right else "")
        )
    return Lesson(model.pack(heads, rows), len(told), len(rows), measured)


def _shared(told: list[Example], pieces: list[Pieces]) -> dict[str, int]:
    """Features that occur in more than one line, numbered; what only one line has teaches nothing about others."""
    lines: dict[str, set[int]] = defaultdict(set)
    for one, (written, ruled) in zip(told, pieces, strict=True):
        for name in (*written, *ruled):
            lines[name].add(one.line)
    return {name: at for at, name in enumerate(sorted(name for name, seen in lines.items() if len(seen) > 1))}


def _table(pieces: Iterable[Pieces], names: dict[str, int]) -> Any:
    from scipy.sparse import csr_matrix

    starts, columns, values = [0], [], []
    for written, ruled in pieces:
        share = 1.0 / max(1.0, len(written)) ** 0.5
        for name, value in (*((name, share) for name in sorted(written)), *((name, RULE) for name in ruled)):
            if name in names:
                columns.append(names[name])
                values.append(value)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(starts) - 1, len(names)))


def _by_folds(task: Task, table: Any, labels: list[str], told: list[Example]) -> tuple[float, float]:
    """Share right and the inverse temperature, on lines that were not taught; each line counts once."""
    import numpy as np
    from sklearn.model_selection import GroupKFold

    known = np.array([at for at, label in enumerate(labels) if label])
    target = np.array(labels)[known]
    every = {label: at for at, label in enumerate(sorted(set(target.tolist())))}
    lines = np.array([one.line for one in told])[known]
    _, firsts = np.unique(lines, return_index=True)
    first = np.zeros(len(known), bool)
    first[firsts] = True
    hits, margins, right = 0, [], []
    for taught, kept in GroupKFold(FOLDS).split(known, target, lines):
        found = _fit(task, table[known[taught]], target[taught])
        kept = kept[first[kept]]
        scores = np.full((len(kept), len(every)), _NEVER)  # a label only the part kept aside has
        scores[:, [every[label] for label in found.labels]] = found.margins(table[known[kept]])
        wanted = np.array([every[label] for label in target[kept].tolist()])
        hits += int((scores.argmax(axis=1) == wanted).sum())
        learned = np.isin(target[kept], found.labels)
        margins.append(scores[learned])
        right.append(wanted[learned])
    return hits / len(firsts), vectors.sharpness(np.concatenate(margins), np.concatenate(right))


def _fitted(task: Task, table: Any, labels: list[str], start: int) -> tuple[Head, Any]:
    """The head with its scale and bias, and its weights as whole numbers, classes × features."""
    import numpy as np

    known = [at for at, label in enumerate(labels) if label]
    found = _fit(task, table[known], [labels[at] for at in known])
    scale = float(np.abs(found.weights).max()) / _TOP
    whole = np.rint(found.weights / scale).astype(int)
    whole[np.abs(whole) < 2] = 0
    return Head(task.name, tuple(map(str, found.labels)), start, scale, tuple(map(float, found.bias))), whole


def _fit(task: Task, table: Any, labels: Any) -> Fitted:
    return vectors.fitted(table, labels, strictness=task.c, even=task.even, seed=SEED, exact=1e-2)
