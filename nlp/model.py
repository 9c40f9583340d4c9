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
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from nlp import packed

NAME = "model.bin"
LANE = 16  # bits a class
ZERO = 128  # how a weight of 0 is written, so that none is negative
RULE = 0.2  # what a rule's finding counts beside the written pieces
_MOST = 255  # summands before a lane could overflow


@dataclass(frozen=True, slots=True)
class Head:
    """One decision: its classes stand in lanes [start, start + len(labels)). `scale` turns sums into logits;
    `sharp` is the inverse temperature measured on messages kept aside."""

    name: str
    labels: tuple[str, ...]
    start: int
    scale: float
    bias: tuple[float, ...]
    sharp: float = 1.0


class Model:
    """Weights of all heads; `logits` of one message, then `best` per head."""

    def __init__(self, heads: Iterable[Head], weights: dict[str, int]) -> None:
        self.heads = {head.name: head for head in heads}
        self.weights = weights
        self.lanes = sum(len(head.labels) for head in self.heads.values())
        self._size = self.lanes * LANE // 8
        self._finer: dict[tuple[str, str], tuple[tuple[int, float, str], ...]] = {}

    def logits(self, written: list[str], ruled: list[str]) -> list[float]:
        """One logit a lane, without bias: written pieces count by the square root of their number."""
        pieces, of_pieces = self._sums(written)
        rules, of_rules = self._sums(ruled)
        share = 1.0 / max(1.0, len(written)) ** 0.5
        zero = ZERO * (of_pieces * share + of_rules * RULE)
        return [piece * share + rule * RULE - zero for piece, rule in zip(pieces, rules, strict=True)]

    def _sums(self, features: list[str]) -> tuple[array[int], int]:
        """The summed weights per lane, each ZERO too high for every known feature, and how many are known."""
        known = [found for found in map(self.weights.get, features) if found is not None]
        if len(known) <= _MOST:
            return array("H", sum(known).to_bytes(self._size, "little")), len(known)
        total = array("q", [0]) * self.lanes
        for start in range(0, len(known), _MOST):
            lanes = array("H", sum(known[start : start + _MOST]).to_bytes(self._size, "little"))
            total = array("q", [one + other for one, other in zip(total, lanes, strict=True)])
        return total, len(known)

    def chances(self, head: str, logits: list[float], most: int = 4) -> list[tuple[str, float]]:
        """The likeliest labels of a head with their probability, likeliest first, at most `most`."""
        one = self.heads[head]
        scale, sharp = one.scale * one.sharp, one.sharp
        mine = logits[one.start : one.start + len(one.labels)]
        values = [value * scale + bias * sharp for value, bias in zip(mine, one.bias, strict=True)]
        shares = packed.chances(values)
        best = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)[:most]
        return [(one.labels[at], shares[at]) for at in best]

    def likeliest(self, head: str, logits: list[float], start: str) -> str:
        """The likeliest label of a head among those that begin with `start`, "" when none does."""
        known = self._finer.get((head, start))
        if known is None:
            one = self.heads[head]
            known = self._finer[head, start] = tuple(
                (one.start + at, one.bias[at] / one.scale, label)
                for at, label in enumerate(one.labels)
                if label.startswith(start)
            )
        return max(known, key=lambda item: logits[item[0]] + item[1])[2] if known else ""


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
