"""Patterns of many alternatives, so written that a search skips the characters with which none can begin.

The library does so by itself where every alternative begins with a plain character; one that begins with a choice of
characters (「[吗么]」, a digit) makes it try all of them at every place. Knows no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|.", re.DOTALL)
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
