"""What a message speaks of, in coarse topics (kin, tools, goods, voting …): a hint for the small models only.

They let a word that no example has be read like its fellows: a 熨斗 is borrowed like a 梯子.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ahocorasick

from nlp.lexicon import data


def topics(text: str) -> set[str]:
    """The names of all topics with a word in the text (nlp/data/topics.txt)."""
    found: set[str] = set()
    for _, names in _words().iter(text):
        found.update(names)
    return found


@lru_cache(maxsize=1)
def _words() -> Any:
    named: dict[str, set[str]] = {}
    for line in data("topics.txt").splitlines():
        name, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            for word in words.split():
                named.setdefault(word, set()).add(name)
    automaton: Any = ahocorasick.Automaton()
    for word, names in named.items():
        automaton.add_word(word, tuple(sorted(names)))
    automaton.make_automaton()
    return automaton
