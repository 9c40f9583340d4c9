"""Hot issues: which of many messages are about the same matter at the same place; pure, no database, no clock.

A message is a vector of its pieces (runs of 2–4 characters without function words; the first sentence weighs double),
each weighed by how rare it is, so that the name of a place and the name of a matter count most. Messages are joined
while they are alike on average (average linkage over the pairs that share a rare piece), so that a chain of
half-alike ones does not grow into one heap. Near-duplicates are found on the way: almost everything is shared.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nlp import grams, words
from nlp.grams import Pieces
from nlp.lexicon import word_list

ALIKE = 0.08  # average cosine within an issue
SAME = 0.85  # cosine of near-duplicates
FEWEST = 3  # messages of an issue
HEAD = 40  # characters that weigh double
BODY = 300  # characters looked at
_COMMON = 0.01  # a piece in a larger part of the messages finds nobody a neighbour
_ALONE = 0.4  # what a piece counts that nobody else has
_HEAVIEST = 160  # pieces of a message that count
_FAR_DAYS = 45.0  # two messages this far apart in time are less alike
_HAN = re.compile("[一-鿿]")
_PIECES = Pieces("content", 2, 4)


@dataclass(frozen=True, slots=True)
class Message:
    """`who`: who wrote it, `place`: where it is about, "" for not known. Times are all aware or all not."""

    key: str
    text: str
    at: datetime | None = None
    who: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Hot:
    """An issue. `keys`: its messages, the most typical first; `same`: how many of them only repeat another.

    `rising`: messages of the later half of its span over those of the earlier, above 1: it grows.
    """

    headline: str
    keys: tuple[str, ...]
    people: int
    place: str = ""
    first: datetime | None = None
    last: datetime | None = None
    rising: float = 1.0
    same: int = 0
    words: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.keys)


Vector = dict[str, float]


@dataclass(slots=True)
class _Pairs:
    """Cosines of messages that share a piece which is not common."""

    near: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, one: int, other: int, alike: float) -> None:
        self.near[one][other] = self.near[other][one] = alike


def hot(messages: Sequence[Message], *, fewest: int = FEWEST, alike: float = ALIKE) -> list[Hot]:
    """The issues among these messages, the largest first. Time grows with the messages times their neighbours."""
    vectors = _vectors(messages)
    pairs = _pairs(messages, vectors, alike)
    groups = [group for group in _joined(len(messages), pairs, alike) if len(group) >= fewest]
    found = [_told(messages, pairs, group) for group in groups]
    return sorted(found, key=lambda one: (-one.people, -one.size, one.headline))


def duplicates(messages: Sequence[Message], *, same: float = SAME) -> list[tuple[str, ...]]:
    """Groups of messages that say the same in almost the same words; each message in one group at most."""
    pairs = _pairs(messages, _vectors(messages), same)
    groups = _joined(len(messages), pairs, same)
    return [tuple(messages[at].key for at in sorted(group)) for group in groups if len(group) > 1]


def _vectors(messages: Sequence[Message]) -> list[Vector]:
    counts = []
    for message in messages:
        text = grams.plain(message.text)[:BODY]
        found = grams.count(text, _PIECES, list)
        for name, times in grams.count(text[:HEAD], _PIECES, list).items():
            found[name] += times
        if message.place:
            found[f"@{message.place}"] += 2
        counts.append(found)
    seen = Counter(name for one in counts for name in one)
    total = len(messages)
    vectors = []
    for one in counts:
        vector = {
            name: (1 + math.log(times)) * math.log((1 + total) / seen[name]) * (1.0 if seen[name] > 1 else _ALONE)
            for name, times in one.items()
        }
        heaviest = sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:_HEAVIEST]
        length = math.sqrt(sum(value * value for _, value in heaviest)) or 1.0
        vectors.append({name: value / length for name, value in heaviest})
    return vectors


def _pairs(messages: Sequence[Message], vectors: Sequence[Vector], alike: float) -> _Pairs:
    """Every pair at least half as alike as wanted, among those that share a piece of few messages."""
    most = max(20, int(_COMMON * len(messages)))
    postings: dict[str, list[int]] = defaultdict(list)
    for at, vector in enumerate(vectors):
        for name in vector:
            postings[name].append(at)
    pairs = _Pairs()
    for at, vector in enumerate(vectors):
        scores: dict[int, float] = defaultdict(float)
        for name, weight in vector.items():
            there = postings[name]
            if len(there) <= most:
                for other in there:
                    if other >= at:
                        break
                    scores[other] += weight * vectors[other][name]
        for other, score in scores.items():
            score *= _together(messages[at].at, messages[other].at)
            if score >= alike / 2:
                pairs.add(at, other, score)
    return pairs


def _together(one: datetime | None, other: datetime | None) -> float:
    """1 for the same day, falling slowly: an issue of last spring is not today's."""
    if one is None or other is None:
        return 1.0
    days = abs((one - other).total_seconds()) / 86_400
    return 1.0 / (1.0 + (days / _FAR_DAYS) ** 2 * 0.25)


def _joined(count: int, pairs: _Pairs, alike: float) -> list[list[int]]:
    """Average linkage: the two groups most alike are joined, until none are alike enough. Pairs not known are 0."""
    members = {at: [at] for at in range(count)}
    sums: dict[int, dict[int, float]] = {at: dict(pairs.near.get(at, {})) for at in range(count)}
    waiting = [(-value, one, other) for one, near in sums.items() for other, value in near.items() if one < other]
    heapq.heapify(waiting)
    while waiting:
        value, one, other = heapq.heappop(waiting)
        if -value < alike:
            break
        if one not in members or other not in members:
            continue
        now = sums[one].get(other, 0.0) / (len(members[one]) * len(members[other]))
        if abs(now + value) > 1e-12:
            continue  # one of them has grown since
        if len(sums[one]) < len(sums[other]):
            one, other = other, one
        members[one] += members.pop(other)
        gone = sums.pop(other)
        sums[one].pop(other, None)
        for third, total in gone.items():
            if third == one or third not in members:
                continue
            sums[third].pop(other, None)
            both = sums[one].get(third, 0.0) + total
            sums[one][third] = sums[third][one] = both
        for third, total in sums[one].items():
            mean = total / (len(members[one]) * len(members[third]))
            if mean >= alike:
                heapq.heappush(waiting, (-mean, min(one, third), max(one, third)))
    return list(members.values())


def _told(messages: Sequence[Message], pairs: _Pairs, group: Sequence[int]) -> Hot:
    inside = set(group)
    closeness = {at: sum(value for other, value in pairs.near[at].items() if other in inside) for at in group}
    order = sorted(group, key=lambda at: (-closeness[at], at))
    people = {messages[at].who for at in group if messages[at].who}
    unknown = sum(not messages[at].who for at in group)
    times = sorted(at for one in group if (at := messages[one].at) is not None)
    places = Counter(messages[at].place for at in group if messages[at].place).most_common(1)
    repeats = sum(any(o < at and v >= SAME for o, v in pairs.near[at].items() if o in inside) for at in group)
    return Hot(
        headline=_headline(messages[order[0]].text), keys=tuple(messages[at].key for at in order),
        people=len(people) + unknown, place=places[0][0] if places else "",
        first=times[0] if times else None, last=times[-1] if times else None, rising=_rising(times), same=repeats,
        words=tuple(_words([messages[at].text for at in order])),
    )  # fmt: skip


def _rising(times: Sequence[datetime]) -> float:
    if len(times) < 2 or times[0] == times[-1]:
        return 1.0
    middle = times[0] + (times[-1] - times[0]) / 2
    later = sum(at > middle for at in times)
    return round((later + 0.5) / (len(times) - later + 0.5), 2)


def _headline(text: str) -> str:
    """The first sentence, at most 40 characters."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    for at, char in enumerate(line[:HEAD]):
        if char in "。!?！？" and at >= 6:
            return line[:at]
    return line[:HEAD]


def _words(texts: Sequence[str], most: int = 5) -> list[str]:
    """What at least half of the messages say."""
    held = Counter(word for text in texts for word in set(words.cut(grams.plain(text)[:BODY])) if len(word) > 1)
    empty = word_list("function_words")
    shared = [
        word for word, times in held.items() if times * 2 >= len(texts) and word not in empty and _HAN.match(word)
    ]
    return sorted(shared, key=lambda word: (-held[word] * len(word), word))[:most]
