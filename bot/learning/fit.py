"""Learns a linear model from labelled texts with scikit-learn (extra `train`); gives plain values for nlp/linear.py.

Support vectors, each label against the rest, on how often and how rare each piece of a text is. Besides each text
its beginnings are learned too, so that a title or a first sentence is read as surely as a whole letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.learning import pieces as counting
from bot.learning import vectors
from bot.learning.measure import Measured, measure
from bot.learning.pieces import CannotLearn, Chosen, Counted, Tell
from bot.learning.split import stratified
from nlp import grams
from nlp.grams import Pieces
from nlp.linear import Block, Learned, Model

__all__ = ["STANDARD", "CannotLearn", "Lesson", "Recipe", "learn"]

_STEPS = 127  # of a weight, to each side
_UNKNOWN_SHARPNESS = 4.0  # where too few texts could be kept aside to find it
FEW = 40  # texts; with fewer none is kept aside


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to learn. `beginnings`: texts are learned also cut to so many characters, each such form weighing `light`.
    `most`: pieces kept a block. `aside`: the part that is not learned at first, to measure by and to find how
    sure a margin is. `even`: a label with few texts counts as much as one with many."""

    blocks: tuple[Pieces, ...] = (Pieces("content", 1, 3),)
    beginnings: tuple[int, ...] = (25, 100)
    light: float = 0.5
    rarest: int = 2  # a piece must occur in so many texts
    most: int = 200_000
    strictness: float = 1.0  # C of the support vectors
    aside: float = 0.15
    even: bool = False


STANDARD = Recipe()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came out: the model of all texts, and how a model without the texts kept aside did on them (None: few)."""

    learned: Learned
    aside: Measured | None = None


@dataclass(slots=True)
class _Class:
    """Texts and labels as arrays, made once and learned from several times."""

    counted: list[Counted]
    labels: Sequence[str]
    recipe: Recipe
    seed: int
    order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.order = sorted(set(self.labels))


def learn(
    texts: Sequence[str], labels: Sequence[str], recipe: Recipe = STANDARD, *, seed: int = 0, tell: Tell | None = None
) -> Lesson:
    """The same examples and seed give the same model. Two labels at least. Raises CannotLearn."""
    tell = tell or (lambda what, done, total: None)
    plain = [grams.plain(text) for text in texts]
    counted = [counting.count_all(plain, one, recipe.beginnings, tell) for one in recipe.blocks]
    room = _Class(counted, labels, recipe, seed)
    sharp, seen = _UNKNOWN_SHARPNESS, None
    if recipe.aside and len(texts) >= FEW:
        tell("学习", 0, 2)
        rest, aside = stratified(labels, recipe.aside, seed)
        first = _fit(room, rest, sharp)
        judge = Model(first)
        sharp = vectors.sharpness(
            [judge.margins(texts[at]) for at in aside], [room.order.index(labels[at]) for at in aside]
        )
        judge = Model(Learned(first.labels, first.bias, sharp, first.blocks))
        seen = measure([labels[at] for at in aside], [judge.best(texts[at]) for at in aside])
    tell("学习", 1, 2)
    learned = _fit(room, range(len(texts)), sharp)
    tell("学习", 2, 2)
    return Lesson(learned, seen)


def _fit(room: _Class, texts: Sequence[int], sharp: float) -> Learned:
    sparse, recipe = counting.scipy_sparse(), room.recipe
    number = {label: at for at, label in enumerate(room.order)}
    target = [number[room.labels[at]] for at in texts]
    chosen = [counting.choose(one, texts, target, recipe.rarest, recipe.most) for one in room.counted]
    first = room.counted[0].first
    rows = [row for at in texts for row in range(first[at], first[at + 1])]
    repeated = [t for at, t in zip(texts, target, strict=True) for _ in range(first[at], first[at + 1])]
    heavy = [1.0 if row == first[at] else recipe.light for at in texts for row in range(first[at], first[at + 1])]
    blocks = [counting.matrix(one, those, rows) for one, those in zip(room.counted, chosen, strict=True)]
    found = vectors.fitted(
        sparse.hstack(blocks).tocsr(), repeated,
        strictness=recipe.strictness, even=recipe.even, seed=room.seed, heavy=heavy,
    )  # fmt: skip
    return _plain(room, chosen, found.weights, found.bias, sharp, len(texts))


def _plain(room: _Class, chosen: list[Chosen], weights: Any, bias: Any, sharp: float, texts: int) -> Learned:
    """Weights in steps of a byte, as the file has them."""
    np = counting.numpy()
    blocks, at = [], 0
    for counted, those in zip(room.counted, chosen, strict=True):
        part = weights[:, at : at + len(those.columns)].T * those.rarity[:, None]
        at += len(those.columns)
        steps = counting.longest_step(part, _STEPS)
        rows = (np.rint(part / steps) + 128).astype(np.uint8).tobytes()
        names = [counted.names[column] for column in those.columns]
        blocks.append(Block(counted.pieces, names, those.rarity.tolist(), rows, [round(float(s), 9) for s in steps]))
    about = {"texts": texts, "seed": room.seed}
    return Learned(tuple(room.order), tuple(float(one) for one in bias), sharp, tuple(blocks), about)
