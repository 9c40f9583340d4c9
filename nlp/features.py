"""What a message is made of, for the small models: pieces of writing, pieces of sound, and what the rules say.

The same function serves teaching and reading. A feature is a short string; its first character tells its kind:
none for written pieces (1 to 3 characters), "@" for syllables that sound alike, "=" for what a rule found.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import add

from nlp.sound import syllable

LONGEST = 160  # characters that count; a letter says what it wants in its first lines
_DIGITS = re.compile(r"\d+")
_STRENGTHS = (1.5, 3.0, 5.0)  # weights of rules are given in steps


def line(text: str) -> str:
    """What of a text is looked at: its beginning, between marks of its ends; a number counts, not which one."""
    return "^" + _DIGITS.sub(_number, text[:LONGEST]) + "$"


def written(line: str) -> list[str]:
    """Distinct pieces of 1 to 3 characters and pairs of sounds of a `line`, in no order."""
    twos = list(map(add, line, line[1:]))
    return list({*line, *twos, *map(add, twos, line[2:]), *map(_sounding, twos)})


def ruled(
    weights: Mapping[str, float], codes: Iterable[tuple[str, float]], danger: str, urgency: str, marks: Iterable[str]
) -> list[str]:
    """What the rules found: intents and codes with their weight in steps, the danger, and plain marks."""
    found = [f"=m:{mark}" for mark in marks]
    for intent, weight in weights.items():
        found += _steps(f"=i:{intent}")[: bisect_right(_STRENGTHS, weight)]
    for rank, (code, weight) in enumerate(itertools.islice(codes, 3)):
        found.append(f"=c:{code}")
        found += _steps(f"=c:{code}:{rank and 1}")[: bisect_right(_STRENGTHS, weight)]
    if urgency != "normal":
        found.append(f"=u:{urgency}")
    if danger:
        found.append(f"=d:{danger}")
    return found


@lru_cache(maxsize=16384)
def _sounding(two: str) -> str:
    return f"@{syllable(two[0])} {syllable(two[1])}"


@lru_cache(maxsize=512)
def _steps(of: str) -> tuple[str, ...]:
    """The features of an intent or a code, one for each strength reached."""
    return tuple(f"{of}:{step}" for step in _STRENGTHS)


def _number(match: re.Match[str]) -> str:
    return "0" if match.end() - match.start() <= 3 else "00"
