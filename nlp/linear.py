"""A learned linear model as a small file, read without the library that learned it; knows no label and no text.

The file (framed by nlp/packed.py) has for each block of pieces three parts: its words, the rarity of each (float32)
and a row of one byte a label. The weights of one piece for all labels are added as one big integer, 32 bits a label:
that is what makes the plain interpreter fast enough (a label more costs almost nothing).
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nlp import classes, grams, packed, words
from nlp.grams import Cut, Pieces
from nlp.packed import BadModel

__all__ = ["TF", "BadModel", "Block", "Learned", "Model", "load", "pack", "unpack"]

MARK = b"JUSHE-LINEAR-1\n"
TF_STEPS = 32
# 1 + ln(times a piece occurs), in steps; beyond 255 times nothing is added
TF = (0, *(round(TF_STEPS * (1 + math.log(times))) for times in range(1, 256)))
_ZERO = 128  # the byte of a weight of nothing


@dataclass(frozen=True, slots=True)
class Block:
    """The pieces of one sort: `rows` holds a byte a label for each of `names`, in steps of `steps[label]`."""

    pieces: Pieces
    names: Sequence[str]
    rarity: Sequence[float]
    rows: bytes
    steps: Sequence[float]


@dataclass(frozen=True, slots=True)
class Learned:
    """What learning gives and a file holds. `sharp` makes the scores mean what they say (calibration)."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    sharp: float
    blocks: tuple[Block, ...]
    about: dict[str, Any] = field(default_factory=dict)


class _Reader:
    """A block ready to add up."""

    def __init__(self, block: Block, labels: int) -> None:
        self.pieces = block.pieces
        self.index = {name: at for at, name in enumerate(block.names)}
        self.rarity = array("f", block.rarity)
        self.steps = block.steps
        self.labels = labels
        self.width = 4 * labels
        wide = bytearray(4 * len(block.rows))
        wide[0::4] = block.rows
        self.rows = bytes(wide)

    def known(self, text: str, cut: Cut) -> float:
        found = grams.count(text, self.pieces, cut)
        return sum(name in self.index for name in found) / len(found) if found else 0.0

    def sums(self, text: str, cut: Cut) -> list[float]:
        """The part of each label's score that this block gives."""
        index, rarity, rows, width = self.index, self.rarity, self.rows, self.width
        total, mass, norm = 0, 0, 0.0
        for name, times in grams.count(text, self.pieces, cut).items():
            at = index.get(name)
            if at is not None:
                weight = TF[times] if times < 256 else TF[255]
                total += int.from_bytes(rows[at * width : at * width + width], "little") * weight
                mass += weight
                norm += (weight * rarity[at]) ** 2
        if not norm:
            return [0.0] * self.labels
        lanes = struct.unpack(f"<{self.labels}I", total.to_bytes(width, "little"))
        scale, zero = 1.0 / math.sqrt(norm), _ZERO * mass
        return [(lane - zero) * step * scale for lane, step in zip(lanes, self.steps, strict=True)]


class Model:
    """Scores a text. Built once, with all it looks at, then only read: many threads may share it."""

    def __init__(self, learned: Learned, cut: Cut = words.cut) -> None:
        self.labels = learned.labels
        self.about = learned.about
        self._bias, self._sharp, self._cut = learned.bias, learned.sharp, cut
        self._readers = [_Reader(block, len(learned.labels)) for block in learned.blocks]
        if any(block.pieces.kind == "classes" for block in learned.blocks):
            classes.classes()

    def margins(self, text: str) -> list[float]:
        """The raw score of each label, in the order of `labels`."""
        text = grams.plain(text)
        parts = [reader.sums(text, self._cut) for reader in self._readers]
        return [bias + sum(found) for bias, *found in zip(self._bias, *parts, strict=True)]

    def scores(self, text: str) -> list[tuple[str, float]]:
        """Every label with its probability (0–1, together 1), best first. An empty text has scores too."""
        shares = packed.chances([margin * self._sharp for margin in self.margins(text)])
        return sorted(zip(self.labels, shares, strict=True), key=lambda pair: (-pair[1], pair[0]))

    def known(self, text: str) -> float:
        """Which share of the text's pieces was learned, of the block that knows most; 0 for an empty text. What sort
        of word each is does not count: every text has verbs."""
        text = grams.plain(text)
        written = (reader for reader in self._readers if reader.pieces.kind != "classes")
        return max((reader.known(text, self._cut) for reader in written), default=0.0)

    def best(self, text: str) -> tuple[str, float]:
        return self.scores(text)[0]


def pack(learned: Learned) -> bytes:
    """The file of a model: the same model gives the same bytes."""
    header = {
        "labels": learned.labels,
        "bias": [round(value, 6) for value in learned.bias],
        "sharp": round(learned.sharp, 6),
        "about": learned.about,
        "blocks": [
            {"pieces": asdict(block.pieces), "count": len(block.names), "steps": list(block.steps)}
            for block in learned.blocks
        ],
    }
    parts = (
        part
        for block in learned.blocks
        for part in ("\n".join(block.names).encode(), _little(block.rarity), block.rows)
    )
    return packed.sealed(MARK, header, parts)


def unpack(blob: bytes) -> Learned:
    """Raises BadModel."""
    header, parts = packed.unsealed(MARK, blob)
    try:
        return _unpacked(header, parts)
    except (KeyError, TypeError, ValueError) as error:
        raise packed.unreadable(error) from None


def load(blob: bytes, cut: Cut = words.cut) -> Model:
    """A model from the bytes of its file. Raises BadModel."""
    return Model(unpack(blob), cut)


def _unpacked(header: dict[str, Any], parts: Sequence[bytes]) -> Learned:
    blocks, labels = [], len(header["labels"])
    triples = (parts[at : at + 3] for at in range(0, len(parts), 3))
    for one, (words_, rarities, rows) in zip(header["blocks"], triples, strict=True):
        names = words_.decode().split("\n")
        rarity = array("f", rarities)
        if sys.byteorder == "big":
            rarity.byteswap()
        if not (len(names) == len(rarity) == one["count"] and len(rows) == labels * len(names)):
            raise ValueError("counts differ")
        blocks.append(Block(Pieces(**one["pieces"]), names, rarity, rows, one["steps"]))
    return Learned(
        tuple(header["labels"]), tuple(header["bias"]), header["sharp"], tuple(blocks), header["about"]
    )  # fmt: skip


def _little(values: Sequence[float]) -> bytes:
    found = array("f", values)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()
