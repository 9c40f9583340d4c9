"""Learns to cut addresses into elements from labelled strings: an averaged perceptron, the same result every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.learning import pieces as counting
from nlp.elements.features import features
from nlp.elements.rules import Element
from nlp.elements.tagger import LONGEST, Tagger, follows, tags_of

LEAST = 0.02  # a weight that decides nothing is not kept


@dataclass(frozen=True, slots=True)
class Labelled:
    """An address string with its elements."""

    text: str
    elements: tuple[Element, ...]


def learn(
    rows: Sequence[Labelled], *, rounds: int = 8, seed: int = 0, tell: Callable[[int, int], None] | None = None
) -> Tagger:
    """`tell(done, total)` is called once in a hundred rows of all rounds. About 5 s a round for 9,000 rows."""
    order = random.Random(seed)  # noqa: S311 — an order of rows, no secret
    tagged = [(row.text[:LONGEST], tags_of(row.text, row.elements)[:LONGEST]) for row in rows if row.text]
    learner = _Learner({tag for _, tags in tagged for tag in tags})
    prepared = [learner.prepared(text, tags) for text, tags in tagged]
    total, done = rounds * len(prepared), 0
    for _ in range(rounds):
        order.shuffle(prepared)
        for seen, tags in prepared:
            learner.learn(seen, tags)
            done += 1
            if tell and done % 100 == 0:
                tell(done, total)
    return learner.averaged()


class _Learner:
    """Weights while they are learned: a row a feature, a column a tag; at the end their mean over all steps."""

    def __init__(self, tags: Iterable[str]) -> None:
        self.np = counting.numpy()
        self.tags = tuple(sorted(tags))
        self.column = {tag: at for at, tag in enumerate(self.tags)}
        self.shut = self.np.array([[0.0 if follows(one, tag) else -1e9 for tag in self.tags] for one in self.tags])
        self.first = self.np.array([0.0 if follows("", tag) else -1e9 for tag in self.tags])
        self.ids: dict[str, int] = {}
        self.weights = self.late = self.np.zeros((0, len(self.tags)), self.np.float32)
        self.moves = self.np.zeros((len(self.tags), len(self.tags)))
        self.moves_late = self.np.zeros_like(self.moves)  # each change times its step
        self.step = 1
        self.every = self.np.arange(len(self.tags))

    def prepared(self, text: str, tags: list[str]) -> tuple[Any, Any]:
        """The rows of each character's features, and its tag's column."""
        rows = [[self.ids.setdefault(name, len(self.ids)) for name in names] for names in features(text)]
        return self.np.array(rows), self.np.array([self.column[tag] for tag in tags])

    def learn(self, seen: Any, right: Any) -> None:
        if len(self.weights) < len(self.ids):
            self.weights = self.np.zeros((len(self.ids), len(self.tags)), self.np.float32)
            self.late = self.np.zeros_like(self.weights)
        guess = self._best(self.weights[seen].sum(axis=1))
        self.step += 1
        wrong = self.np.nonzero(guess != right)[0]
        if not len(wrong):
            return
        for at in wrong:
            for column, by in ((right[at], 1.0), (guess[at], -1.0)):
                self.weights[seen[at], column] += by
                self.late[seen[at], column] += by * self.step
        for tags, by in ((right, 1.0), (guess, -1.0)):
            self.np.add.at(self.moves, (tags[:-1], tags[1:]), by)
            self.np.add.at(self.moves_late, (tags[:-1], tags[1:]), by * self.step)

    def _best(self, scores: Any) -> Any:
        """The best row of tags (Viterbi)."""
        ways = self.moves + self.shut
        best, back = scores[0] + self.first, []
        for here in scores[1:]:
            reached = best[:, None] + ways
            came = reached.argmax(axis=0)
            best = reached[came, self.every] + here
            back.append(came)
        tags = [int(best.argmax())]
        for came in reversed(back):
            tags.append(int(came[tags[-1]]))
        return self.np.array(tags[::-1])

    def averaged(self) -> Tagger:
        mean = self.weights - self.late / self.step
        names, weights = list(self.ids), dict[str, dict[str, float]]()
        for row, column in zip(*(each.tolist() for each in self.np.nonzero(abs(mean) >= LEAST)), strict=True):
            weights.setdefault(names[row], {})[self.tags[column]] = float(mean[row, column])
        moved = self.moves - self.moves_late / self.step
        moves = {one: dict(zip(self.tags, map(float, moved[at]), strict=True)) for at, one in enumerate(self.tags)}
        return Tagger(weights, moves, self.tags)
