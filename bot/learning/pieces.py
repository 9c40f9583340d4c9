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
class Counted:
    """`cells`: a row for each form of each text (whole first, then its beginnings), a column for each of `names`,
    how often in the steps of linear.TF. `first[t]` is the row of text t, `first[t + 1]` that after its last form.
    """

    pieces: Pieces
    names: list[str]
    cells: Any
    first: list[int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns of a block that are learned, and how rare each piece is."""

    columns: Any
    rarity: Any


def count_all(plain: Sequence[str], pieces: Pieces, beginnings: Sequence[int], tell: Tell) -> Counted:
    """`beginnings`: each text is counted also cut to so many characters where it is longer."""
    np, sparse = numpy(), scipy_sparse()
    index: dict[str, int] = {}
    columns, values, starts, first = array("i"), array("H"), array("q", [0]), [0]
    cut = words.cut
    for at, text in enumerate(plain):
        for form in (text, *(text[:size] for size in beginnings if len(text) > size)):
            for name, times in grams.count(form, pieces, cut).items():
                columns.append(index.setdefault(name, len(index)))
                values.append(linear.TF[min(times, 255)])
            starts.append(len(columns))
        first.append(len(starts) - 1)
        if at % 100 == 0:
            tell("拆词", at, len(plain))
    tell("拆词", len(plain), len(plain))
    shape = (len(starts) - 1, len(index))
    cells = sparse.csr_matrix(
        (np.frombuffer(values, np.uint16), np.frombuffer(columns, np.int32), np.frombuffer(starts, np.int64)),
        shape=shape,
    )
    return Counted(pieces, list(index), cells, first)


def choose(counted: Counted, texts: Sequence[int], target: Sequence[int], rarest: int, most: int) -> Chosen:
    """The pieces worth keeping, from these texts and their labels (as numbers): in at least `rarest` texts, and of
    those the `most` that the labels share most unevenly (χ²). Rarity is ln(texts over texts with it) + 1."""
    np, sparse = numpy(), scipy_sparse()
    whole = counted.cells[[counted.first[at] for at in texts]]
    there = sparse.csr_matrix((np.ones(whole.nnz, np.float32), whole.indices, whole.indptr), shape=whole.shape)
    times = np.asarray(there.sum(axis=0)).ravel()
    columns = np.flatnonzero(times >= rarest)
    if not len(columns):
        raise CannotLearn("这些文字里没有重复出现的词，学不出什么。请多给一些例子。")
    if len(columns) > most:
        by = sparse.csr_matrix((np.ones(len(texts), np.float32), (np.asarray(target), np.arange(len(texts)))))
        seen = np.asarray((by @ there[:, columns]).todense())
        expected = np.outer(np.bincount(target) / len(texts), times[columns])
        uneven = ((seen - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=0)
        columns = np.sort(columns[np.argsort(-uneven, kind="stable")[:most]])
    rarity = np.log((1 + len(texts)) / (1 + times[columns])) + 1
    return Chosen(columns, rarity.astype(np.float32))


def matrix(counted: Counted, chosen: Chosen, rows: Sequence[int]) -> Any:
    """These rows as learned: times × rarity, each row made one long."""
    np, sparse = numpy(), scipy_sparse()
    found = counted.cells[rows][:, chosen.columns].astype(np.float32) @ sparse.diags(chosen.rarity)
    norms = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    norms[norms == 0] = 1.0
    return (sparse.diags((1.0 / norms).astype(np.float32)) @ found).tocsr()


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
