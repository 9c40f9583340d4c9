"""Finds the answer a question is about among known questions and answers: an index of rows in memory, no database.

Two figures for each find. `score` ranks: BM25 over words and pairs of characters, of the questions and, apart, of the
answers. `likeness` (0–1) says whether to trust it: how much of what was asked, weighed by rarity, the known ways of
asking that question have, and how much of one of them was asked; another sort of asking (where, when) takes away.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from nlp import grams, words
from nlp.grams import Cut, Pieces

K1, B = 1.2, 0.75  # BM25's own
ANSWER_WEIGHT = 1.0  # of a word in the answer against one in the question
OTHER_ASKING = 0.72
LONGEST = 300  # characters of a question that are looked at
_PAIRS = Pieces("content", 2, 2)
_SIGN = re.compile(r"\W")
_ASKING = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("when", "几点|什么时候|什么时间|何时|时间|多久|几天|哪天|上班吗|开门吗|开着"),
        ("where", "哪里|哪儿|在哪|去哪|到哪|何处|地址|什么地方"),
        ("cost", "多少钱|收费|费用|价格|几块|几元|要钱|贵"),
        ("number", "电话|号码|联系方式"),
        ("who", "是谁|找谁|哪位|谁管|谁负责"),
        ("papers", "材料|证件|带什么|要带|手续"),
        ("may", "能不能|可不可以|可以|能否|行不行|允许"),
        ("how", "怎么|如何|怎样|咋"),
    )
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A known question. `community` 0: for all. `variants`: other ways of asking it."""

    key: int
    community: int
    question: str
    answer: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    key: int
    score: float
    likeness: float


@dataclass(slots=True)
class _Field:
    """One field of all entries: which entries a piece is in, how often, and how long the field is."""

    postings: dict[str, dict[int, int]] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def put(self, key: int, counts: Counter[str]) -> None:
        self.lengths[key] = counts.total()
        self.total += counts.total()
        for name, times in counts.items():
            self.postings.setdefault(name, {})[key] = times

    def drop(self, key: int, names: Iterable[str]) -> None:
        self.total -= self.lengths.pop(key, 0)
        for name in names:
            there = self.postings.get(name)
            if there is not None:
                there.pop(key, None)
                if not there:
                    del self.postings[name]


class Index:
    """Entries by what they say. Changed one by one; not shared between threads while it changes."""

    def __init__(self, cut: Cut = words.cut) -> None:
        self._cut = cut
        self._entries: dict[int, Entry] = {}
        self._ways: dict[int, tuple[frozenset[str], ...]] = {}
        self._asked, self._said = _Field(), _Field()

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, entry: Entry) -> None:
        """Add an entry or take the place of the one with its key."""
        self.drop(entry.key)
        self._entries[entry.key] = entry
        ways = [self._pieces(way) for way in (entry.question, *entry.variants)]
        self._ways[entry.key] = tuple(frozenset(way) for way in ways)
        self._asked.put(entry.key, sum(ways, Counter()))
        self._said.put(entry.key, self._pieces(entry.answer))

    def drop(self, key: int) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._asked.drop(key, {name for way in self._ways.pop(key) for name in way})
        self._said.drop(key, self._pieces(entry.answer))

    def find(
        self, question: str, *, allowed: Callable[[int], bool] = lambda key: True,
        synonyms: Sequence[Sequence[str]] = (), limit: int = 5,
    ) -> list[Found]:  # fmt: skip
        """The best entries, by score. `allowed` keeps out what must not be seen: other communities, out of date.

        `synonyms`: groups of words of one meaning; a question is asked in each way, the best counts.
        """
        best: dict[int, Found] = {}
        for way in _ways(question[:LONGEST], synonyms):
            for found in self._ranked(way, allowed, limit):
                known = best.get(found.key)
                if known is None or (found.likeness, found.score) > (known.likeness, known.score):
                    best[found.key] = found
        return sorted(best.values(), key=lambda found: (-found.score, found.key))[:limit]

    def _ranked(self, question: str, allowed: Callable[[int], bool], limit: int) -> list[Found]:
        asked = frozenset(self._pieces(question))
        scores: dict[int, float] = {}
        for part, weight in ((self._asked, 1.0), (self._said, ANSWER_WEIGHT)):
            mean = part.total / max(1, len(part.lengths)) or 1.0
            for name in asked:
                there = part.postings.get(name)
                if there:
                    rarity = weight * math.log(1 + (len(self._entries) - len(there) + 0.5) / (len(there) + 0.5))
                    for key, times in there.items():
                        length = K1 * (1 - B + B * part.lengths[key] / mean)
                        scores[key] = scores.get(key, 0.0) + rarity * times * (K1 + 1) / (times + length)
        order = sorted((key for key in scores if allowed(key)), key=lambda key: (-scores[key], key))[:limit]
        return [Found(key, scores[key], self._likeness(question, asked, key)) for key in order]

    def _likeness(self, question: str, asked: frozenset[str], key: int) -> float:
        entry = self._entries[key]
        best = 0.0
        # two ways of asking may each have a part of the words
        covered = self._weight(asked & frozenset().union(*self._ways[key])) / (self._weight(asked) or 1.0)
        for text, way in zip((entry.question, *entry.variants), self._ways[key], strict=True):
            shared = self._weight(asked & way)
            if shared:
                mine, its = covered, shared / self._weight(way)
                alike = 2 * mine * its / (mine + its)
                best = max(best, alike * (1.0 if _same_asking(question, text) else OTHER_ASKING))
        return best

    def _weight(self, names: Iterable[str]) -> float:
        total = len(self._entries) + 1
        return sum(math.log(1 + total / (len(self._asked.postings.get(name, ())) + 0.5)) for name in names)

    def _pieces(self, text: str) -> Counter[str]:
        text = grams.plain(text)
        found = Counter(word for word in self._cut(text) if len(word) > 1 and not _SIGN.search(word))
        found.update(f"#{pair}" for pair in grams.count(text, _PAIRS, self._cut).elements())
        return found


def _same_asking(one: str, other: str) -> bool:
    """Both ask for the same sort of thing, or one of them names none."""
    mine, its = _sorts(one), _sorts(other)
    return not mine or not its or not mine.isdisjoint(its)


def _sorts(text: str) -> set[str]:
    found = {name for name, pattern in _ASKING if pattern.search(text)}
    return found - {"how", "may"} or found  # 怎么收费 asks for the price


def _ways(question: str, synonyms: Sequence[Sequence[str]]) -> list[str]:
    """The question, and again with each word of a group in place of another of it; eight at most."""
    ways = [question]
    for group in synonyms:
        said = next((word for word in sorted(group, key=len, reverse=True) if word in question), "")
        if said:
            ways += [question.replace(said, other) for other in group if other != said]
    return ways[:8]
