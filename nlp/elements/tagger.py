"""A sequence tagger read from a small file: an averaged structured perceptron (Collins 2002)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path

from nlp import packed
from nlp.elements.features import features
from nlp.elements.rules import Element

Weights = dict[str, dict[str, float]]
MARK = b"JUSHE-ELEMENTS-1\n"
LONGEST = 300  # characters of one address; what is longer is no address
_NONE: dict[str, float] = {}


class Tagger:
    """`weights`: feature → tag → weight; `moves`: tag before → tag → weight. B-road begins one, I-road goes on."""

    def __init__(self, weights: Weights, moves: Weights, tags: Iterable[str]) -> None:
        self.weights, self.moves = weights, moves
        self.tags = tuple(sorted(tags))
        self._next = {before: self._after(before) for before in self.tags}

    def _after(self, before: str) -> list[tuple[str, float]]:
        weights = self.moves.get(before, _NONE)
        return [(tag, weights.get(tag, 0.0)) for tag in self.tags if follows(before, tag)]

    def segment(self, text: str) -> tuple[Element, ...]:
        """The elements of an address string, left to right, without gaps (Viterbi)."""
        text = text[:LONGEST]
        if not text or not self.tags:
            return ()
        best: dict[str, float] = {}
        back: list[dict[str, str]] = []
        for around in features(text):
            here = self._scores(around)
            if not back:
                best = {tag: here.get(tag, 0.0) for tag in self.tags if follows("", tag)}
                back.append({})
                continue
            reached: dict[str, float] = {}
            came: dict[str, str] = {}
            for before in sorted(best):
                score = best[before]
                for tag, weight in self._next[before]:
                    if score + weight > reached.get(tag, -math.inf):
                        reached[tag], came[tag] = score + weight, before
            for tag in reached:
                reached[tag] += here.get(tag, 0.0)
            best = reached
            back.append(came)
        tag = max(best, key=lambda one: (best[one], one))
        tags = [tag]
        for came in back[:0:-1]:
            tag = came[tag]
            tags.append(tag)
        return elements(reversed(tags))

    def _scores(self, around: list[str]) -> dict[str, float]:
        scores: dict[str, float] = {}
        for name in around:
            for tag, weight in self.weights.get(name, _NONE).items():
                scores[tag] = scores.get(tag, 0.0) + weight
        return scores


def follows(before: str, tag: str) -> bool:
    """I-road only after B-road or I-road; "" is the beginning."""
    return tag[0] == "B" or before[2:] == tag[2:]


def elements(tags: Iterable[str]) -> tuple[Element, ...]:
    found: list[Element] = []
    label, start, end = "", 0, 0
    for at, tag in enumerate(tags):
        if tag[0] == "B" or tag[2:] != label:
            if label:
                found.append(Element(label, start, at))
            label, start = tag[2:], at
        end = at + 1
    return (*found, Element(label, start, end)) if label else ()


def tags_of(text: str, spans: Iterable[Element]) -> list[str]:
    """The tag of every character; what is in no element is "redundant", each character by itself."""
    tags = ["B-redundant"] * len(text)
    for one in spans:
        for at in range(one.start, min(one.end, len(text))):
            tags[at] = ("B-" if at == one.start else "I-") + one.label
    return tags


def load(path: Path) -> Tagger:
    """Reads a file written by `dump`. Raises OSError, and BadModel for what is none."""
    header, parts = packed.unsealed(MARK, path.read_bytes())
    try:
        return Tagger(json.loads(parts[0]), header["moves"], header["tags"])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise packed.unreadable(error) from None


def dump(tagger: Tagger) -> bytes:
    """The file's bytes: weights to two places, without those that do nothing."""
    weights = json.dumps(_short(tagger.weights), ensure_ascii=False, separators=(",", ":")).encode()
    return packed.sealed(MARK, {"tags": tagger.tags, "moves": _short(tagger.moves)}, [weights])


def _short(weights: Weights) -> Weights:
    kept = {
        name: {tag: round(one, 2) for tag, one in each.items() if abs(one) >= 0.02} for name, each in weights.items()
    }
    return {name: each for name, each in sorted(kept.items()) if each}
