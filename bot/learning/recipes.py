"""How texts are learned: in which forms, by which sorts of pieces, how strictly."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.grams import Pieces

_FAR = 1000  # characters of a text that passages are taken from
_SHORTEST = 10  # characters of a passage that says something
_LIGHTEST, _ALL = 0.1, 0.3  # what a passage weighs, and all of a text together at most


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of piece, and what all its pieces of a text together weigh."""

    pieces: Pieces
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """`beginnings`: texts are learned also cut to so many characters, each such form weighing `light`; `passage`: and
    each further passage of so many characters, 0 for none. `most`: pieces kept a sort. `even`: a label with few texts
    counts as much as one with many."""

    name: str
    sorts: tuple[Sort, ...]
    beginnings: tuple[int, ...] = ()
    light: float = 0.5
    passage: int = 0
    rarest: int = 2  # a piece must occur in so many texts
    most: int = 200_000
    strictness: float = 1.0  # C of the support vectors
    even: bool = False

    def forms(self, text: str) -> list[tuple[str, float]]:
        """A text that went through grams.plain: whole, its beginnings, its passages, and what each weighs."""
        cut = [(text[:size], self.light) for size in self.beginnings if len(text) > size]
        if self.passage:
            starts = range(self.passage, min(len(text), _FAR), self.passage)
            passages = [text[at : min(at + self.passage, _FAR)] for at in starts]
            passages = [one for one in passages if len(one) >= _SHORTEST]
            cut += [(one, min(_LIGHTEST, _ALL / len(passages))) for one in passages]
        return [(text, 1.0), *cut]


# Letters: the words of the matter, without function words. What stands at the beginning counts half as much again,
# and every passage is learned as what somebody might have written alone.
WRITTEN = Recipe(
    "written",
    (Sort(Pieces("content", 1, 3)), Sort(Pieces("content", 1, 3, first=25), 0.5)),
    beginnings=(25, 100),
    passage=40,
)
# Sentences: function words, the first and the last words count, and what sort of word each is (a town, a name, a
# number), so that a name never heard is still a name; a rare label counts like a common one.
SPOKEN = Recipe(
    "spoken",
    (Sort(Pieces("chars", 1, 3, edges=True)), Sort(Pieces("classes", 1, 1), 0.5)),
    even=True,
)
RECIPES = (WRITTEN, SPOKEN)
