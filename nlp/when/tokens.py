"""The words times are made of: patterns of data/times.txt found in a text; what they mean is read elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp import numbers
from nlp.lexicon import data
from nlp.when import festivals


@dataclass(frozen=True, slots=True)
class Token:
    """`name` of the pattern, its place in the text, and the groups of the pattern that matched."""

    name: str
    start: int
    end: int
    got: dict[str, str]

    def __getitem__(self, group: str) -> str:
        return self.got.get(group, "")


@dataclass(frozen=True, slots=True)
class Patterns:
    """`any`: a text without it says no time. `at`: the patterns that can begin with a character, in order."""

    any: re.Pattern[str]
    at: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]


def tokens(text: str) -> Iterator[Token]:
    """Every time word of a normalised text, left to right, without overlaps."""
    known = patterns()
    if known.any.search(text) is None:
        return
    begins, at, end = known.at, 0, len(text)
    while at < end:
        for name, pattern in begins.get(text[at], ()):
            match = pattern.match(text, at)
            if match is not None:
                got = {group: value for group, value in match.groupdict().items() if value}
                yield Token(name, at, match.end(), got)
                at = match.end() - 1
                break
        at += 1


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
    first = re.compile(written.pop("ANY"))
    classes = {"#": "0123456789", "&": numeral, "@": "".join(name[0] for name in festivals.LONG_NAMES) + "五十六"}
    at: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for head, one in written.items():
        name, _, begins = head.partition(" ")
        compiled = re.compile(one)
        for char in {char for sign in begins for char in classes.get(sign, sign)}:
            at.setdefault(char, []).append((name, compiled))
    return Patterns(first, {char: tuple(each) for char, each in at.items()})
