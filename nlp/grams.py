"""The countable pieces of a text that a learned model looks at; the same code when learning and when reading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from nlp import classes
from nlp.lexicon import word_list
from nlp.normalize import simplified

LONGEST = 4096  # characters looked at: a longer letter has said what it is about
Cut = Callable[[str], Iterable[str]]

_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: " "}
_BLANKS = re.compile(r"\s+")
_NUMBERS = re.compile(r"\d{3,}")
_EMPTY = re.compile("|".join(sorted(word_list("function_words"), key=len, reverse=True)) + r"|[^\w]|_")


@dataclass(frozen=True, slots=True)
class Pieces:
    """One sort of piece: runs of `low` to `high` characters or words, of the first `first` characters (0: of all).

    "content": runs of characters once the function words and signs are gone, so that what matters stands together.
    "classes": runs of what sort of word each word is.
    `edges`: the beginning and the end are characters too, so that how a sentence begins says something of its own.
    """

    kind: Literal["chars", "content", "words", "classes"] = "chars"
    low: int = 1
    high: int = 4
    first: int = 0
    edges: bool = False


def plain(text: str) -> str:
    """Half-width, simplified, small letters, without blanks; long numbers are all one number."""
    text = simplified(text[:LONGEST].translate(_WIDTH))
    return _NUMBERS.sub("000", _BLANKS.sub("", text.lower()))


def count(text: str, pieces: Pieces, cut: Cut) -> Counter[str]:
    """How often each piece occurs in a text that went through `plain`. `cut` gives the words of a text."""
    if pieces.first:
        text = text[: pieces.first]
    if pieces.kind in ("words", "classes"):
        words = list(cut(text)) if pieces.kind == "words" else [classes.of(word) for word in cut(text)]
        return Counter(
            " ".join(words[at : at + size])
            for size in range(pieces.low, pieces.high + 1)
            for at in range(len(words) - size + 1)
        )
    if pieces.kind == "content":
        text = _EMPTY.sub("", text)
    if pieces.edges:
        text = f"^{text}$"
    found: Counter[str] = Counter()
    for size in range(pieces.low, pieces.high + 1):
        found.update(text[at : at + size] for at in range(len(text) - size + 1))
    return found
