"""The small shipped models: linear, read from one file, summed with whole numbers; no library behind them.

The file (nlp/data/model.bin) is made by `jushe teach` from nlp/training. Every feature has one weight per class of
every head, from -127 to 127. The weights of a feature stand side by side in one long integer, 16 bits a class, so
that adding features is adding integers: some 10 µs for a message.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from math import exp

from nlp.quick import quick

NAME = "model.bin"
LANE = 16  # bits a class
ZERO = 128  # how a weight of 0 is written, so that none is negative
RULE = 0.2  # what a rule's finding counts beside the written pieces
_MOST = 255  # summands before a lane could overflow


@dataclass(frozen=True)
class Head:
    """One decision: its classes, in order, stand in lanes [start, start + len(labels)). `scale` turns sums into
    logits; `sharp` is the inverse temperature measured on messages kept aside."""

    name: str
    labels: tuple[str, ...]
    start: int
    scale: float
    bias: tuple[float, ...]
    sharp: float = 1.0

    @cached_property
    def leaning(self) -> tuple[float, ...]:
        """The bias of each label, as steep as the chances are read."""
        return tuple(bias * self.sharp for bias in self.bias)

    @cached_property
    def steep(self) -> float:
        return self.scale * self.sharp

    def part(self, start: str) -> Head:
        """Only the labels that begin with `start`: as the labels are in order, they stand side by side."""
        chosen = [at for at, label in enumerate(self.labels) if label.startswith(start)]
        labels, bias = tuple(self.labels[at] for at in chosen), tuple(self.bias[at] for at in chosen)
        return replace(self, labels=labels, start=self.start + (chosen[0] if chosen else 0), bias=bias)

    def values(self, found: Sums) -> list[float]:
        """What speaks for each label."""
        start, end = self.start, self.start + len(self.labels)
        piece, rule = self.steep * found.share, self.steep * RULE
        lanes = zip(found.pieces[start:end], found.rules[start:end], self.leaning)  # noqa: B905 - as long by making
        return [said * piece + ruled * rule + bias for said, ruled, bias in lanes]

    def raised(self, found: Sums) -> list[float]:
        """The odds of each label beside the likeliest, which has 1."""
        values = self.values(found)
        top = max(values)
        return [exp(value - top) for value in values]


@quick
@dataclass(frozen=True, slots=True)
class Sums:
    """What the features of one message add up to, a number a lane: `pieces` (to be multiplied by `share`) and `rules`
    (by RULE). Only the heads that are asked for are worked out."""

    pieces: array[int]
    rules: array[int]
    share: float


class Model:
    """Weights of all heads; `sums` of one message, then `chances` per head."""

    def __init__(self, heads: Iterable[Head], weights: dict[str, int]) -> None:
        self.heads = {head.name: head for head in heads}
        self.weights = weights
        self.lanes = sum(len(head.labels) for head in self.heads.values())
        self._size = self.lanes * LANE // 8
        self._finer: dict[tuple[str, str], Head] = {}

    def sums(self, written: list[str], ruled: list[str]) -> Sums:
        """The weights of one message, added up: written pieces count by the square root of their number."""
        return Sums(self._added(written), self._added(ruled), 1.0 / max(1.0, len(written)) ** 0.5)

    def _added(self, features: list[str]) -> array[int]:
        """The summed weights per lane, each ZERO too high for every known feature: the same for all lanes of all
        heads, so that it changes no chance."""
        known = list(filter(None, map(self.weights.get, features)))
        if len(known) <= _MOST:
            return array("H", sum(known).to_bytes(self._size, "little"))
        total = array("q", [0]) * self.lanes
        for start in range(0, len(known), _MOST):
            lanes = array("H", sum(known[start : start + _MOST]).to_bytes(self._size, "little"))
            total = array("q", [one + other for one, other in zip(total, lanes, strict=True)])
        return total

    def chances(self, head: str, found: Sums, most: int = 4) -> list[tuple[str, float]]:
        """The likeliest labels of a head with their probability, likeliest first, at most `most`."""
        one = self.heads[head]
        raised = one.raised(found)
        whole = sum(raised)
        best = sorted(range(len(raised)), key=raised.__getitem__, reverse=True)[:most]
        return [(one.labels[at], raised[at] / whole) for at in best]

    def chance(self, head: str, found: Sums, label: str) -> float:
        """The probability of one label of a head."""
        one = self.heads[head]
        raised = one.raised(found)
        return raised[one.labels.index(label)] / sum(raised)

    def likeliest(self, head: str, found: Sums, start: str) -> str:
        """The likeliest label of a head among those that begin with `start`, "" when none does."""
        part = self._finer.get((head, start))
        if part is None:
            part = self._finer[head, start] = self.heads[head].part(start)
        if len(part.labels) < 2:
            return part.labels[0] if part.labels else ""
        values = part.values(found)
        return part.labels[values.index(max(values))]


def pack(heads: list[Head], rows: dict[str, dict[int, int]]) -> bytes:
    """The file's bytes: `rows` are feature → lane → weight (-127 … 127, none 0)."""
    names = sorted(rows)
    counts = array("H", [len(rows[name]) for name in names])
    lanes = array("B", [lane for name in names for lane in sorted(rows[name])])
    weights = array("b", [rows[name][lane] for name in names for lane in sorted(rows[name])])
    head = json.dumps(
        {
            "heads": [[h.name, list(h.labels), h.start, h.scale, list(h.bias), h.sharp] for h in heads],
            "sizes": [len(names), len(lanes)],
            "names": "\n".join(names),
        },
        ensure_ascii=False,
    ).encode()
    body = len(head).to_bytes(4, "little") + head + counts.tobytes() + lanes.tobytes() + weights.tobytes()
    return zlib.compress(body, 9)


def unpack(data: bytes) -> Model:
    """The model of a file's bytes. Raises ValueError for bytes that are none."""
    try:
        body = zlib.decompress(data)
        size = int.from_bytes(body[:4], "little")
        head = json.loads(body[4 : 4 + size])
    except (zlib.error, ValueError) as error:
        raise ValueError("no model file") from error
    names = head["names"].split("\n")
    features, entries = head["sizes"]
    at = 4 + size
    counts = array("H", body[at : at + 2 * features])
    at += 2 * features
    lanes, weights = body[at : at + entries], array("b", body[at + entries : at + 2 * entries])
    heads = [
        Head(name, tuple(labels), start, scale, tuple(bias), sharp)
        for name, labels, start, scale, bias, sharp in head["heads"]
    ]
    empty = sum(ZERO << (LANE * lane) for lane in range(sum(len(h.labels) for h in heads)))
    packed: dict[str, int] = {}
    at = 0
    for name, count in zip(names, counts, strict=True):
        value = empty
        for entry in range(at, at + count):
            value += weights[entry] << (LANE * lanes[entry])
        packed[name] = value
        at += count
    return Model(heads, packed)


@lru_cache(maxsize=1)
def model() -> Model:
    """The shipped model, read at first use (about 0.1 s)."""
    return unpack((files("nlp") / "data" / NAME).read_bytes())
