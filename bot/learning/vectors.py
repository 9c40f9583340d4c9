"""Support vectors, each label against the rest, and how sure their margins are; for everything that is learned here.

Needs scikit-learn (extra `train`); without it CannotLearn says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.learning import pieces as counting

_SHARPEST = tuple(round(0.1 * 1.05**step, 6) for step in range(140))  # 0.1 to 88


@dataclass(frozen=True, slots=True)
class Fitted:
    """`weights`: a row a label in the order of `labels` (of two labels also two rows), a column a piece; `bias`: a
    value a label."""

    labels: tuple[Any, ...]
    weights: Any
    bias: Any

    def margins(self, table: Any) -> Any:
        """A row for each of the table's, a column a label."""
        return table @ self.weights.T + self.bias


def fitted(
    table: Any,
    target: Any,
    *,
    strictness: float = 1.0,
    even: bool = False,
    seed: int = 0,
    exact: float = 1e-3,
    heavy: Sequence[float] | None = None,
) -> Fitted:
    """`table`: a row a text, sparse; `target`: its label. `strictness`: C; `even`: a rare label counts as much as a
    frequent one; `heavy`: what each row weighs. As right as a logistic regression let come to its end, in a twentieth
    of the time. The same table and seed give the same weights."""
    np = counting.numpy()
    model = counting.support_vectors().LinearSVC(
        C=strictness, random_state=seed, tol=exact, max_iter=3000, class_weight="balanced" if even else None
    )
    model.fit(table, np.asarray(target), sample_weight=heavy)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # of two labels the library keeps one side only
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Fitted(tuple(model.classes_.tolist()), weights, bias)


def sharpness(margins: Any, right: Any) -> float:
    """What margins are multiplied with, so that the scores are as often right as they say: least log loss on texts
    that were not learned. `margins`: a row a text; `right`: the place of each text's label in its row."""
    np = counting.numpy()
    found, places = np.asarray(margins), np.arange(len(right))

    def loss(sharp: float) -> float:
        scaled = found * sharp
        top = scaled.max(axis=1)
        return float((np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[places, right]).mean())

    return min(_SHARPEST, key=loss)
