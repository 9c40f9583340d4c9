"""What every learner shares: support vectors a row a label, and how sure their margins are."""

from __future__ import annotations

import math

from scipy import sparse

from bot.learning import vectors

TABLE = sparse.csr_matrix([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] * 6)


def test_a_row_a_label() -> None:
    found = vectors.fitted(TABLE, ["灯", "水", "吵"] * 6)
    assert found.labels == tuple(sorted(("灯", "水", "吵")))
    assert found.weights.shape == (3, 3)
    assert [found.labels[at] for at in found.margins(TABLE[:3]).argmax(axis=1)] == ["灯", "水", "吵"]


def test_two_labels_have_a_row_each() -> None:
    found = vectors.fitted(TABLE[:, :2], [0, 1, 0] * 6)
    assert found.weights.shape == (2, 2)
    assert (found.weights[0] == -found.weights[1]).all()
    assert found.margins(TABLE[:, :2]).argmax(axis=1).tolist()[:2] == [0, 1]


def test_margins_are_sharpened_until_they_say_how_often_they_are_right() -> None:
    right = [0] * 9 + [1]  # nine times of ten the first is right
    sharp = vectors.sharpness([[1.0, -1.0]] * 10, right)
    assert abs(1 / (1 + math.exp(-2 * sharp)) - 0.9) < 0.01
    assert vectors.sharpness([[0.5, -0.5, -1e6]] * 10, right) > sharp  # what was never learned has no say
