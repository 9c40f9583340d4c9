"""Patterns of many alternatives: which characters they can begin with, so that those with which none can are skipped.

The library does so by itself where every alternative begins with a plain character; one that begins with a choice of
characters (「[吗么]」, a digit) makes it try all of them at every place. Knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_PIECE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|.", re.DOTALL)
_OFTEN = re.compile(r"[?*+][?+]?|\{[\d,]+\}[?+]?")
_CHOICE = re.compile(r"(?:\[([^\]\\^-]+)\]|\\d)(?![?*+{])")


def skipping(pattern: str) -> re.Pattern[str]:
    r"""The same alternatives in the same order, a leading choice spelt out: 「[甲乙]丙|丁」 is 「甲丙|乙丙|丁」.

    A leading \d is only the digits 0 to 9.
    """
    return re.compile("|".join(led for one in _alternatives(pattern) for led in _led(one)))


def _alternatives(pattern: str) -> Iterator[str]:
    depth, start = 0, 0
    for match in _PIECE.finditer(pattern):
        piece = match.group()
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            yield pattern[start : match.start()]
            start = match.end()
    yield pattern[start:]


def _led(one: str) -> Iterator[str]:
    match = _CHOICE.match(one)
    if match is None:
        yield one
        return
    for char in match[1] or "0123456789":
        yield re.escape(char) + one[match.end() :]


def begins(pattern: str) -> frozenset[str] | None:
    """The characters with which a match of a pattern can begin; None where it may be any, or nothing at all."""
    found = _begins(pattern)
    return None if found is None or "" in found else found


def _begins(pattern: str) -> frozenset[str] | None:
    """The same, "" among them where it may be nothing at all."""
    found: frozenset[str] = frozenset()
    for one in _alternatives(pattern):
        first = _first(one)
        if first is None:
            return None
        found |= first
    return found


def _first(one: str) -> frozenset[str] | None:
    """Of one alternative: of its parts up to the first that must be there."""
    found: frozenset[str] = frozenset()
    pieces = [match.group() for match in _PIECE.finditer(one)]
    at = 0
    while at < len(pieces):
        end = _closed(pieces, at) if pieces[at] == "(" else at + 1
        part = "".join(pieces[at:end])
        at = end
        if part == "^" or part.startswith(("(?=", "(?!")):
            continue
        first = _begins(part[3:-1]) if part.startswith("(?:") else _choice(part)
        if first is None:
            return None
        found |= first - {""}
        often = _OFTEN.match(one, sum(map(len, pieces[:at])))
        at += len(often[0]) if often else 0
        if not (often and often[0][0] != "+") and "" not in first:
            return found
    return found | {""}


def _closed(pieces: Sequence[str], at: int) -> int:
    depth = 0
    for end in range(at, len(pieces)):
        depth += (pieces[end] == "(") - (pieces[end] == ")")
        if not depth:
            return end + 1
    return len(pieces)


def _choice(part: str) -> frozenset[str] | None:
    if match := _CHOICE.fullmatch(part):
        return frozenset(match[1] or "0123456789")
    return None if part[0] in "\\[.$({" else frozenset(part)
