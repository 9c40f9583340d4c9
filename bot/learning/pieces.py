"""Texts as rows of counted pieces, for learning: one pass over the texts, then arrays; needs the extra `train`."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nlp import grams, linear, words
from nlp.grams import Pieces

Tell = Callable[[str, int, int], None]  # what is being done, how far, of how many


class CannotLearn(RuntimeError):
    """The extra is not installed, or the rows give nothing to learn; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form the texts are learned in, one after the other: `first[t]` is where those of text t begin, the whole
    text first, `first[t + 1]` where they end. `heavy`: what each weighs."""

    texts: list[str]
    heavy: list[float]
    first: list[int]

    def rows(self, texts: Sequence[int]) -> list[int]:
        """The places of all forms of these texts."""
        return [row for at in texts for row in range(self.first[at], self.first[at + 1])]


@dataclass(frozen=True, slots=True)
class Counted:
    """`cells`: a row a form, a column for each of `names`, how often in the steps of linear.TF."""

    pieces: Pieces
    names: list[str]
    cells: Any


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns of a sort that are learned, and how rare each piece is."""

    columns: Any
    rarity: Any


def count_all(forms: Forms, pieces: Pieces, tell: Tell) -> Counted:
    np, sparse = numpy(), scipy_sparse()
    index: dict[str, int] = {}
    columns, values, starts = array("i"), array("H"), array("q", [0])
    cut = words.cut
    for at, text in enumerate(forms.texts):
        for name, times in grams.count(text, pieces, cut).items():
            columns.append(index.setdefault(name, len(index)))
            values.append(linear.TF[min(times, 255)])
        starts.append(len(columns))
        if at % 500 == 0:
            tell("拆词", at, len(forms.texts))
    tell("拆词", len(forms.texts), len(forms.texts))
    cells = sparse.csr_matrix(
        (np.frombuffer(values, np.uint16), np.frombuffer(columns, np.int32), np.frombuffer(starts, np.int64)),
        shape=(len(forms.texts), len(index)),
    )
    return Counted(pieces, list(index), cells)


def choose(counted: Counted, whole: Sequence[int], target: Sequence[int], rarest: int, most: int) -> Chosen:
    """The pieces worth keeping, from the rows of whole texts and their labels (as numbers): in at least `rarest`
    texts, and of those the `most` that the labels share most unevenly (χ²). Rarity: ln(texts / texts with it) + 1."""
    np, sparse = numpy(), scipy_sparse()
    cells = counted.cells[whole]
    there = sparse.csr_matrix((np.ones(cells.nnz, np.float32), cells.indices, cells.indptr), shape=cells.shape)
    times = np.asarray(there.sum(axis=0)).ravel()
    columns = np.flatnonzero(times >= rarest)
    if not len(columns):
        raise CannotLearn("这些文字里没有重复出现的词，学不出什么。请多给一些例子。")
    if len(columns) > most:
        by = sparse.csr_matrix((np.ones(len(whole), np.float32), (np.asarray(target), np.arange(len(whole)))))
        seen = np.asarray((by @ there[:, columns]).todense())
        expected = np.outer(np.bincount(target) / len(whole), times[columns])
        uneven = ((seen - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=0)
        columns = np.sort(columns[np.argsort(-uneven, kind="stable")[:most]])
    rarity = np.log((1 + len(whole)) / (1 + times[columns])) + 1
    return Chosen(columns, rarity.astype(np.float32))


def matrix(counted: Counted, chosen: Chosen, rows: Sequence[int], share: float) -> Any:
    """These rows as learned: times × rarity, each row made `share` long."""
    np, sparse = numpy(), scipy_sparse()
    found = counted.cells[rows][:, chosen.columns].astype(np.float32) @ sparse.diags(chosen.rarity)
    norms = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return (sparse.diags((share / norms).astype(np.float32)) @ found).tocsr()


def longest_step(weights: Any, steps: int) -> Any:
    """The step of each column, so that its largest weight is `steps` steps."""
    np = numpy()
    return np.maximum(np.abs(weights).max(axis=0), math.ulp(1.0)) / steps


def numpy() -> Any:
    try:
        import numpy as found
    except ImportError as error:
        raise _missing(error) from None
    return found


def scipy_sparse() -> Any:
    try:
        from scipy import sparse
    except ImportError as error:
        raise _missing(error) from None
    return sparse


def support_vectors() -> Any:
    try:
        from sklearn import svm
    except ImportError as error:
        raise _missing(error) from None
    return svm


def _missing(error: ImportError) -> CannotLearn:
    return CannotLearn(f'训练要用 scikit-learn（缺 {error.name}）。请运行 pip install "jushe[train]" 后再试。')
