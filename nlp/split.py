"""Several matters in one message. A description of one matter in many clauses stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp import category
from nlp.category import Ranking
from nlp.lexicon import Scan, data
from nlp.quick import quick

_LIST = re.compile(
    r"(?=[1-9(第一二三四五六])(?:^|(?<=[,;。:!?\s一-鿿]))(?:[1-9][.、)](?!\d)|第?[一二三四五六][是、]|[(][1-9一二三四五][)]|第[一二三四五](?=[,:是]))"
)
_LINK = re.compile(
    r"另外|还有(?!没有|吗|多久|几|什么|人|名额|谁|一个月|效)|顺便|再有|其次|此外|除此之外|再就是|同时|再报一个|还想报|再说一下|而且|并且|加上|\+"
)
_CLAUSE = re.compile(r"[,;。!?\n]")
_FAULTS = frozenset(f"{group:02}" for group in range(1, 12))
_STRONG = 3.7
_LONG = 200  # longer letters tell one story: only lists and 另外 divide them
# Consequences and aspects of one matter, not matters of their own.
_ASPECTS = frozenset({"1101", "1102", "1103", "1106", "0205"})
_TOGETHER = tuple(frozenset(line.split()) for line in data("together.txt").splitlines() if line[:1].isdigit())
_PIECES = 24  # more clauses than this are a story, not a list


@quick
@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text [start, end) with its own ranking."""

    start: int
    end: int
    ranking: Ranking
    linked: bool = False  # said to be another matter: a list number or 另外


def parts(text: str, scan: Scan, ranking: Ranking) -> list[Part]:
    """The matters of a normalised text; one part, the whole, unless there are clearly several."""
    whole = Part(0, len(text), ranking)
    if len(text) < 6 or len(ranking.codes) < 2 or ranking.codes[1][1] < category.ENOUGH:
        return [whole]
    pieces = [piece for piece in _pieces(text, scan) if piece.end > piece.start]
    if sum(bool(piece.ranking.codes) for piece in pieces) < 2:
        return [whole]
    joined: list[Part] = []
    for piece in pieces:
        if joined and not _apart(joined[-1], piece, len(text)):
            joined[-1] = _join(joined[-1], piece, scan)
        elif joined and (twin := _same(joined, piece)) is not None:
            del twin  # the same matter again further on: its words are in the text of the message
            continue
        else:
            joined.append(piece)
    if len(joined) < 2:
        return [whole]
    return joined[:6]


def _pieces(text: str, scan: Scan) -> Iterator[Part]:
    cuts: dict[int, tuple[int, bool]] = {}
    for match in _CLAUSE.finditer(text):
        cuts[match.start()] = (match.end(), False)
    for pattern in (_LIST, _LINK):
        for match in pattern.finditer(text):
            cuts[match.start()] = (match.end(), True)
    if len(cuts) > _PIECES:
        cuts = dict([item for item in cuts.items() if item[1][1]][:_PIECES])
    start, linked = 0, False
    for cut in sorted(cuts):
        after, strong = cuts[cut]
        if cut < start:
            continue
        if cut > start:
            yield Part(start, cut, category.rank(scan.part(start, cut)), linked)
            linked = False
        start, linked = after, linked or strong
    yield Part(start, len(text), category.rank(scan.part(start, len(text))), linked)


def _apart(before: Part, piece: Part, length: int) -> bool:
    """Whether a piece is a matter of its own beside the one before."""
    one, other = before.ranking.best, piece.ranking.best
    if not one or not other or one == other:
        return False
    if piece.linked:
        return True
    if length > _LONG or other[:2] not in _FAULTS or one[:2] not in _FAULTS:
        return False
    if other in _ASPECTS or one in _ASPECTS or any(one in group and other in group for group in _TOGETHER):
        return False
    return before.ranking.weight >= _STRONG and piece.ranking.weight >= _STRONG and one[:2] != other[:2]


def _same(joined: list[Part], piece: Part) -> Part | None:
    return next((part for part in joined if part.ranking.best == piece.ranking.best), None)


def _join(before: Part, piece: Part, scan: Scan) -> Part:
    ranking = category.rank(scan.part(before.start, piece.end)) if piece.ranking.codes else before.ranking
    if before.ranking.best and before.ranking.weight >= ranking.weight:
        ranking = before.ranking
    return Part(before.start, piece.end, ranking, before.linked)
