"""Word rules read from nlp/data: which words together mean what. Knows the rule language, no meaning of its own.

A rule is one token: `a+b` both must occur, `a|b` either, `%class` any word of a class (classes.txt), `~x` must not
occur, `*N` its weight (default: longer and more specific rules weigh more). One automaton pass finds all words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import ahocorasick

from nlp import topics
from nlp.masked import Spans, outside
from nlp.quick import quick

Group = frozenset[int]


@dataclass(frozen=True, slots=True)
class Rule:
    target: str
    first: Group  # the rarest group: the rule is looked up by its words
    rest: tuple[Group, ...]
    without: Group
    weight: float
    fixed: bool
    text: str


class Hit(NamedTuple):
    """A rule that matched; `start` and `end` span the words it stands on."""

    target: str
    weight: float
    text: str
    start: int
    end: int


@quick
@dataclass(frozen=True, slots=True)
class Scan:
    """Where each word of the lexicon occurs in a text: word id → spans; and the topics that have a word in it.
    `present`: the words that occur at all."""

    spans: Spans
    present: frozenset[int]
    topics: frozenset[str] = frozenset()

    def part(self, start: int, end: int) -> Scan:
        """Only the words inside [start, end), for one clause of the text."""
        kept: dict[int, Sequence[tuple[int, int]]] = {}
        for word, spans in self.spans.items():
            if len(spans) > 1:
                spans = tuple(span for span in spans if span[0] >= start and span[1] <= end)
            if spans and spans[0][0] >= start and spans[0][1] <= end:
                kept[word] = spans
        return Scan(kept, frozenset(kept))


class Lexicon:
    """Rules of several tables over one automaton. Built once; `scan` then `hits`."""

    def __init__(self, tables: Mapping[str, str], classes: str, topical: Mapping[str, Set[str]]) -> None:
        self._ids: dict[str, int] = {}
        self.words: list[str] = []
        self._classes = {name: tuple(words) for name, words in _classes(classes)}
        self._tables: dict[str, dict[int, tuple[Rule, ...]]] = {}
        for table, text in tables.items():
            self._tables[table] = self._indexed(self._rules(text))
        self._used = {table: frozenset(self._words_of(table)) for table in tables}
        self._alone: dict[tuple[str, str], Group] = {}
        self._automaton: Any = ahocorasick.Automaton()
        for word in self._ids.keys() | topical.keys():
            self._automaton.add_word(word, (self._ids.get(word), len(word), topical.get(word)))
        self._automaton.make_automaton()

    def scan(self, text: str) -> Scan:
        spans: dict[int, list[tuple[int, int]]] = {}
        topics: set[str] = set()
        for end, (word, length, names) in self._automaton.iter(text):
            if word in spans:
                spans[word].append((end + 1 - length, end + 1))
            elif word is not None:
                spans[word] = [(end + 1 - length, end + 1)]
            if names is not None:
                topics |= names
        return Scan(spans, frozenset(spans), frozenset(topics))

    def hits(self, table: str, scan: Scan, holes: Sequence[tuple[int, int]] = ()) -> list[Hit]:
        """The rules of a table that match. Words inside one of `holes` do not count."""
        spans, present = scan.spans, scan.present
        if holes:
            spans = outside(spans, holes)
            present = frozenset(spans)
        rules = self._tables[table]
        found: list[Hit] = []
        for word in filter(rules.__contains__, spans):
            for rule in rules[word]:
                if rule.without and not rule.without.isdisjoint(present):
                    continue
                for group in rule.rest:
                    if group.isdisjoint(present):
                        break
                else:
                    found.append(_hit(rule, spans[word][0], spans, present))
        return found

    def covered(self, table: str, target: str, scan: Scan) -> list[tuple[int, int]]:
        """Every place where a rule of one word for `target` stands."""
        words = self._alone.get((table, target))
        if words is None:
            groups = (rule.first for rule in self.rules(table) if rule.target == target and not rule.rest)
            words = self._alone[table, target] = frozenset(word for group in groups for word in group)
        return [span for word, found in scan.spans.items() if word in words for span in found]

    def used(self, table: str) -> Group:
        """The words that the rules of a table ask for."""
        return self._used[table]

    def _words_of(self, table: str) -> Iterator[int]:
        for rule in self.rules(table):
            for group in (rule.first, *rule.rest, rule.without):
                yield from group

    def rules(self, table: str) -> Iterator[Rule]:
        seen: set[int] = set()
        for rules in self._tables[table].values():
            for rule in rules:
                if id(rule) not in seen:
                    seen.add(id(rule))
                    yield rule

    def _rules(self, text: str) -> Iterator[Rule]:
        target = ""
        for line in text.splitlines():
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("["):
                target = line[1:-1]
                continue
            for token in line.split():
                yield self._rule(target, token)

    def _rule(self, target: str, token: str) -> Rule:
        body, star, weight = token.partition("*")
        groups: list[Group] = []
        without: set[int] = set()
        for part in body.split("+"):
            if part.startswith("~"):
                without |= self._group(part[1:])
            else:
                groups.append(self._group(part))
        groups.sort(key=len)
        first, *rest = groups
        heavy = float(weight) if star else 0.0
        return Rule(target, first, tuple(rest), frozenset(without), heavy, bool(star), token)

    def _group(self, part: str) -> Group:
        words: set[int] = set()
        for word in part.split("|"):
            for one in self._classes[word[1:]] if word.startswith("%") else (word,):
                words.add(self._id(one))
        return frozenset(words)

    def _id(self, word: str) -> int:
        number = self._ids.setdefault(word, len(self._ids))
        if number == len(self.words):
            self.words.append(word)
        return number

    @staticmethod
    def _indexed(rules: Iterator[Rule]) -> dict[int, tuple[Rule, ...]]:
        by_word: dict[int, list[Rule]] = {}
        for rule in rules:
            for word in rule.first:
                by_word.setdefault(word, []).append(rule)
        return {word: tuple(found) for word, found in by_word.items()}


def _hit(rule: Rule, first: tuple[int, int], spans: Spans, present: Group) -> Hit:
    """The hit of a rule whose words are all there; of several words of a group the longest counts."""
    start, end = first
    length = end - start
    if not rule.rest:
        return Hit(rule.target, rule.weight if rule.fixed else length, rule.text, start, end)
    for group in rule.rest:
        low, high = 0, 0
        for word in sorted(group & present):
            left, right = spans[word][0]
            if right - left > high - low:
                low, high = left, right
        length += high - low
        start, end = min(start, low), max(end, high)
    weight = rule.weight if rule.fixed else length + 0.8 * len(rule.rest)
    return Hit(rule.target, weight, rule.text, start, end)


def _classes(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.splitlines():
        if line.startswith("%"):
            name, *words = line[1:].split()
            yield name, words


def data(name: str) -> str:
    """The text of a file of nlp/data."""
    return (files("nlp") / "data" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[str, ...]]:
    lines = (line.partition(": ") for line in data("words.txt").splitlines() if not line.startswith("#"))
    return {name: tuple(words.split()) for name, _, words in lines}


def word_list(name: str) -> tuple[str, ...]:
    """A list of words.txt. Raises KeyError for an unknown name."""
    return _lists()[name]


TABLES = ("categories", "danger", "intents", "actions")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The one lexicon, built at first use (about 20 ms)."""
    tables = {table: data(f"{table}.txt") for table in TABLES}
    return Lexicon(tables, data("classes.txt"), topics.named(data("topics.txt")))
