"""Words that many messages use and the dictionary lacks: runs of characters that hold together and stand freely.

Held together: the run is far likelier than its parts by chance (pointwise mutual information, in bits, of its worst
cut). Standing freely: many different characters come before and after it (branching entropy, in bits).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nlp.normalize import simplified

LONGEST = 5  # characters of a word
FEWEST = 5  # messages that use it
TOGETHER = 6.0  # bits
FREE = 1.2  # bits to each side
_RUNS = re.compile("[一-鿿]+")
_EDGE = "\n"


@dataclass(frozen=True, slots=True)
class NewWord:
    word: str
    messages: int
    together: float
    free: float


def new_words(texts: Iterable[str], known: Callable[[str], bool], *, fewest: int = FEWEST) -> list[NewWord]:
    """The words found, most used first. `known` says whether the dictionary has one."""
    times: Counter[str] = Counter()
    held: Counter[str] = Counter()
    before: dict[str, Counter[str]] = defaultdict(Counter)
    after: dict[str, Counter[str]] = defaultdict(Counter)
    runs = [_RUNS.findall(simplified(text[:4096])) for text in texts]
    for several in runs:
        seen: set[str] = set()
        for run in several:
            for size in range(1, LONGEST + 1):
                for at in range(len(run) - size + 1):
                    piece = run[at : at + size]
                    times[piece] += 1
                    seen.add(piece)
        held.update(seen)
    wanted = {piece for piece, number in held.items() if len(piece) > 1 and number >= fewest and not known(piece)}
    for several in runs:
        for run in several:
            for size in range(2, LONGEST + 1):
                for at in range(len(run) - size + 1):
                    piece = run[at : at + size]
                    if piece in wanted:
                        before[piece][run[at - 1] if at else _EDGE] += 1
                        after[piece][run[at + size] if at + size < len(run) else _EDGE] += 1
    total = sum(number for piece, number in times.items() if len(piece) == 1)
    found = []
    for piece in wanted:
        together, free = _together(piece, times, total), min(_free(before[piece]), _free(after[piece]))
        if together >= TOGETHER and free >= FREE:
            found.append(NewWord(piece, held[piece], round(together, 2), round(free, 2)))
    found.sort(key=lambda one: (-one.messages, -len(one.word), one.word))
    return [one for one in found if not _part(one, found)]


def _together(piece: str, times: Counter[str], total: int) -> float:
    """Of the cut where it holds least."""
    return min(
        math.log2(times[piece] * total / (times[piece[:cut]] * times[piece[cut:]])) for cut in range(1, len(piece))
    )


def _free(neighbours: Counter[str]) -> float:
    """Entropy; the edge of a run is a different neighbour each time."""
    number = neighbours.total()
    edge = neighbours.get(_EDGE, 0)
    rest = -sum(n / number * math.log2(n / number) for char, n in neighbours.items() if char != _EDGE)
    return rest + edge * math.log2(number) / number


def _part(one: NewWord, found: list[NewWord]) -> bool:
    """Nearly always inside a longer word that was found as well."""
    return any(
        one.word != other.word and one.word in other.word and other.messages * 1.25 >= one.messages for other in found
    )
