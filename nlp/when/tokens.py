"""The words times are made of: patterns of data/times.txt found in a text; what they mean is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nlp import numbers
from nlp.lexicon import data
from nlp.quick import quick
from nlp.skipping import skipping
from nlp.when import festivals


@quick
@dataclass(frozen=True, slots=True)
class Token:
    """`name` of the pattern, its place in the text, and the groups of the pattern that matched."""

    name: str
    start: int
    end: int
    got: dict[str, str]

    def __getitem__(self, group: str) -> str:
        return self.got.get(group, "")


class Word(NamedTuple):
    """`holds`: a text without any of these characters has no such word; empty: nothing is said of that."""

    name: str
    holds: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """`any`: a text without it says no time. `at`: the words that can begin with a character, in order. `first`: any
    such character. `signs`: any character of those that words hold."""

    any: re.Pattern[str]
    at: dict[str, tuple[Word, ...]]
    first: re.Pattern[str]
    signs: re.Pattern[str]


def tokens(text: str) -> Iterator[Token]:
    """Every time word of a normalised text, left to right, without overlaps."""
    known = patterns()
    if known.any.search(text) is None:
        return
    signs, at = frozenset(known.signs.findall(text)), 0
    while first := known.first.search(text, at):
        at = first.end()
        for name, _, pattern in _possible(first[0], signs):
            match = pattern.match(text, at - 1)
            if match is not None:
                got = {group: value for group, value in match.groupdict().items() if value}
                yield Token(name, at - 1, match.end(), got)
                at = match.end()
                break


@lru_cache(maxsize=4096)
def _possible(char: str, signs: frozenset[str]) -> tuple[Word, ...]:
    """The words that can begin with a character in a text with these signs."""
    return tuple(word for word in patterns().at[char] if not (word.holds and word.holds.isdisjoint(signs)))


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    lines = (line.partition(": ") for line in data("times.txt").splitlines() if line and line[0] != "#")
    written = {head: pattern for head, _, pattern in lines}
    digit, numeral = "".join(numbers.DIGITS), numbers.NUMERALS
    for sign, pattern in (
        ("<UNIT>", written.pop("UNIT")),
        ("<FEST>", "|".join(festivals.LONG_NAMES)),
        ("<DUR>", rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}(?:\.\d)?万?|[{numeral}]{{1,5}}|[半几数仨]|[一两]?半)"),
        ("<N>", rf"(?:\d{{1,4}}|[{numeral}]{{1,5}})"),
        ("<HOUR>", rf"(?:\d{{1,2}}|[{numeral}]{{1,3}})"),
        ("<NUM>", numeral),
        ("<DIG>", digit),
    ):
        written = {head: one.replace(sign, pattern) for head, one in written.items()}
    any_word = skipping(written.pop("ANY"))
    classes = {"#": "0123456789", "&": numeral, "@": "".join(name[0] for name in festivals.LONG_NAMES) + "五十六"}
    at: dict[str, list[Word]] = {}
    signs: set[str] = set()
    for head, one in written.items():
        name, begins, *holds = head.split(" ")
        word = Word(name, frozenset(*holds), re.compile(one))
        signs |= word.holds
        for char in {char for sign in begins for char in classes.get(sign, sign)}:
            at.setdefault(char, []).append(word)
    return Patterns(any_word, {char: tuple(each) for char, each in at.items()}, _one_of(at), _one_of(signs))


def _one_of(chars: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(sorted(chars)))}]")
