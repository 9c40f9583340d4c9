"""Pieces of two characters: how words are found that nobody cut apart, Chinese ones of two characters too."""

from __future__ import annotations

import re

from nlp.normalize import normalize

_RUN = re.compile(r"\w+")


def plain(text: str) -> str:
    """Text as it is searched: one spelling, runs of letters and digits parted by single blanks."""
    return " ".join(_RUN.findall(normalize(text).replace("_", " ").casefold()))


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of `plain` text; a blank is no part of a pair."""
    return frozenset(run[at : at + 2] for run in text.split(" ") for at in range(len(run) - 1))


def terms(query: str) -> tuple[str, ...]:
    """The words of a query, parted by blanks as they were written; each must be found. One sign alone is none."""
    found = (plain(part) for part in query[:200].split())
    return tuple(dict.fromkeys(term for whole in found for term in whole.split(" ") if len(term) > 1))[:8]
