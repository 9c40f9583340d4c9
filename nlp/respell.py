"""Words written by their sound (没气味 for 煤气味) as the words of the lexicon. Used only when nothing else fits."""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from typing import Any

import ahocorasick

from nlp.lexicon import lexicon
from nlp.sound import syllable

_TABLES = ("categories", "danger")
LONGEST = 120


def respell(text: str) -> tuple[str, int]:
    """The text with misspelt words put right, and the length of the longest of them (0: nothing changed)."""
    if len(text) > LONGEST or len(text) < 3:
        return text, 0
    automaton = _sounds()
    heard = tuple(map(_heard, text))
    best: dict[int, str] = {}
    for last, words in automaton.iter(heard):
        for word in words:
            start = last + 1 - len(word)
            if len(word) > len(best.get(start, "")) and text[start : last + 1] != word:
                best[start] = word
    longest, spelt, position = 0, list(text), 0
    for start in sorted(best):
        if start < position:
            continue
        word = best[start]
        spelt[start : start + len(word)] = word
        position, longest = start + len(word), max(longest, len(word))
    return "".join(spelt), longest


_CODES: dict[str, int] = {}
_FRESH = count(1)  # a number is never given twice, whichever thread asks


def _code(sound: str) -> int:
    return _CODES.setdefault(sound, next(_FRESH))


@lru_cache(maxsize=8192)
def _heard(char: str) -> int:
    return _code(syllable(char))


@lru_cache(maxsize=1)
def _sounds() -> Any:
    words: dict[tuple[int, ...], list[str]] = {}
    known = lexicon()
    used = {
        word
        for table in _TABLES
        for rule in known.rules(table)
        for group in (rule.first, *rule.rest)
        for word in group
    }
    for number in used:
        word = known.words[number]
        if len(word) >= 2 and all("一" <= char <= "鿿" for char in word):
            words.setdefault(tuple(_code(syllable(char)) for char in word), []).append(word)
    automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY, ahocorasick.KEY_SEQUENCE)
    for key, found in words.items():
        automaton.add_word(key, tuple(found))
    automaton.make_automaton()
    return automaton
