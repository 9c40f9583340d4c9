"""Learns a linear model from labelled texts with scikit-learn (extra `train`); gives plain values for nlp/linear.py.

Support vectors, each label against the rest, on how often and how rare each piece of a text is. A text is learned in
several forms (bot/learning/recipes.py), so that a title or a first sentence is read as surely as a whole letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bot.learning import pieces as counting
from bot.learning import vectors
from bot.learning.measure import Measured, measure
from bot.learning.pieces import CannotLearn, Chosen, Counted, Forms, Tell
from bot.learning.recipes import RECIPES, WRITTEN, Recipe
from bot.learning.split import apart, folds, stratified
from nlp import grams
from nlp.linear import Block, Learned, Model

__all__ = ["CannotLearn", "Lesson", "Recipe", "fingerprint", "learn"]

_STEPS = 127  # of a weight, to each side
_UNKNOWN_SHARPNESS = 4.0  # where too few texts could be kept aside to find it
FEW = 40  # texts; with fewer none is kept aside
ASIDE = 0.15  # not learned at first: to measure by, and to find how sure a margin is
ENOUGH = 200  # texts; with fewer none can be spared to find out which recipe suits them
TRIED = 1000  # texts at most the recipes are tried on
PARTS = 3


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came out: the model of all texts, and how a model without the texts kept aside did on them (None: few)."""

    learned: Learned
    aside: Measured | None = None


@dataclass(slots=True)
class _Class:
    """Texts and labels as arrays, made once and learned from several times."""

    forms: Forms
    counted: list[Counted]
    labels: Sequence[str]
    recipe: Recipe
    seed: int
    order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.order = sorted(set(self.labels))


def learn(
    texts: Sequence[str],
    labels: Sequence[str],
    recipe: Recipe | None = None,
    *,
    seed: int = 0,
    tell: Tell | None = None,
) -> Lesson:
    """By the recipe that suits these texts best, when none is given. The same examples and seed give the same model.
    Two labels at least. Raises CannotLearn."""
    tell = tell or (lambda what, done, total: None)
    rest, aside = apart(texts, labels, ASIDE, seed) if len(texts) >= FEW else (range(len(texts)), [])
    recipe = recipe or _suiting([texts[at] for at in rest], [labels[at] for at in rest], seed, tell)
    room = _class(texts, labels, recipe, seed, tell)
    sharp, seen = _UNKNOWN_SHARPNESS, None
    if aside:
        tell("学习", 0, 2)
        first = _fit(room, rest, sharp)
        judge = Model(first)
        right = [room.order.index(labels[at]) for at in aside]
        sharp = vectors.sharpness([judge.margins(texts[at]) for at in aside], right)
        judge = Model(replace(first, sharp=sharp))
        seen = measure([labels[at] for at in aside], [judge.best(texts[at]) for at in aside])
    tell("学习", 1, 2)
    learned = _fit(room, range(len(texts)), sharp)
    learned.about["of"] = fingerprint(texts)
    tell("学习", 2, 2)
    return Lesson(learned, seen)


def fingerprint(texts: Iterable[str]) -> str:
    """The same for the same texts in any order; it tells whether a model is judged by what it learned."""
    return sha256("\n".join(sorted(set(texts))).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _class(texts: Sequence[str], labels: Sequence[str], recipe: Recipe, seed: int, tell: Tell) -> _Class:
    first, cut, heavy = [0], list[str](), list[float]()
    for text in texts:
        for form, weight in recipe.forms(grams.plain(text)):
            cut.append(form)
            heavy.append(weight)
        first.append(len(cut))
    forms = Forms(cut, heavy, first)
    counted = [counting.count_all(forms, sort.pieces, tell) for sort in recipe.sorts]
    return _Class(forms, counted, labels, recipe, seed)


def _suiting(texts: Sequence[str], labels: Sequence[str], seed: int, tell: Tell) -> Recipe:
    """The recipe that judges best by parts of these texts that were not learned; WRITTEN for too few to tell."""
    if len(texts) < ENOUGH:
        return WRITTEN
    if len(texts) > TRIED:
        _, places = stratified(labels, TRIED / len(texts), seed)
        texts, labels = [texts[at] for at in places], [labels[at] for at in places]
    parts = folds(labels, PARTS, seed)
    done = list[float]()
    for number, recipe in enumerate(RECIPES):
        tell("试学法", number, len(RECIPES))
        room = _class(texts, labels, recipe, seed, lambda what, done, total: None)
        pairs = []
        for part in parts:
            aside = set(part)
            judge = Model(_fit(room, [at for at in range(len(texts)) if at not in aside], _UNKNOWN_SHARPNESS))
            pairs += [(labels[at], judge.best(texts[at])) for at in part]
        done.append(measure([label for label, _ in pairs], [given for _, given in pairs]).macro_f1)
    tell("试学法", len(RECIPES), len(RECIPES))
    return RECIPES[done.index(max(done))]


def _fit(room: _Class, texts: Sequence[int], sharp: float) -> Learned:
    sparse, recipe, forms = counting.scipy_sparse(), room.recipe, room.forms
    number = {label: at for at, label in enumerate(room.order)}
    target = [number[room.labels[at]] for at in texts]
    whole, rows = [forms.first[at] for at in texts], forms.rows(texts)
    chosen = [counting.choose(one, whole, target, recipe.rarest, recipe.most) for one in room.counted]
    blocks = [
        counting.matrix(one, those, rows, sort.share)
        for one, those, sort in zip(room.counted, chosen, recipe.sorts, strict=True)
    ]
    found = vectors.fitted(
        sparse.hstack(blocks).tocsr(),
        [t for at, t in zip(texts, target, strict=True) for _ in range(forms.first[at], forms.first[at + 1])],
        strictness=recipe.strictness, even=recipe.even, seed=room.seed, heavy=[forms.heavy[row] for row in rows],
    )  # fmt: skip
    return _plain(room, chosen, found.weights, found.bias, sharp, len(texts))


def _plain(room: _Class, chosen: list[Chosen], weights: Any, bias: Any, sharp: float, texts: int) -> Learned:
    """Weights in steps of a byte, as the file has them."""
    np = counting.numpy()
    blocks, at = [], 0
    for counted, those, sort in zip(room.counted, chosen, room.recipe.sorts, strict=True):
        part = weights[:, at : at + len(those.columns)].T * those.rarity[:, None] * sort.share
        at += len(those.columns)
        steps = counting.longest_step(part, _STEPS)
        rows = (np.rint(part / steps) + 128).astype(np.uint8).tobytes()
        names = [counted.names[column] for column in those.columns]
        blocks.append(Block(counted.pieces, names, those.rarity.tolist(), rows, [round(float(s), 9) for s in steps]))
    about = {"texts": texts, "seed": room.seed, "recipe": room.recipe.name}
    return Learned(tuple(room.order), tuple(float(one) for one in bias), sharp, tuple(blocks), about)
