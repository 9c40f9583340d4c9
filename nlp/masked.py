"""Words that stand inside of others and do not count: 「应急照明」 is no 「急」. Spans only; knows no words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

Spans = Mapping[int, Sequence[tuple[int, int]]]


def outside(spans: Spans, holes: Iterable[tuple[int, int]]) -> Spans:
    """The spans that lie in none of the holes."""
    outer = _outer(holes)
    starts = [start for start, _ in outer]
    kept = {}
    for word, found in spans.items():
        free = tuple(span for span in found if not _inside(span, starts, outer))
        if free:
            kept[word] = free
    return kept


def _inside(span: tuple[int, int], starts: list[int], holes: list[tuple[int, int]]) -> bool:
    at = bisect_right(starts, span[0]) - 1
    return at >= 0 and span[1] <= holes[at][1]


def _outer(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that lie in no other, in order."""
    outer: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not outer or end > outer[-1][1]:
            outer.append((start, end))
    return outer
