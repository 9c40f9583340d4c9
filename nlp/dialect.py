"""Dialect words and frequent misspellings as the standard words of the same length, so that spans stay."""

from __future__ import annotations

import re
from typing import Any

import ahocorasick

from nlp.lexicon import word_list

_WORDS: Any = ahocorasick.Automaton()
for _pair in word_list("dialect"):
    _said, _, _means = _pair.partition("=")
    _WORDS.add_word(_said, (len(_said), _means))
_WORDS.make_automaton()
_END_PARTICLE = re.compile(r"[伐哇哦噢嘛么](?=$|[,。?!])")


def standard(text: str) -> str:
    """Same length, standard words: 灯坏脱哉 → 灯坏脱了, 弄好了伐 → 弄好了吗."""
    if text.isascii():
        return text
    found = list(_WORDS.iter_long(text))
    if found:
        spelt = list(text)
        for last, (length, means) in found:
            spelt[last + 1 - length : last + 1] = means
        text = "".join(spelt)
    return _END_PARTICLE.sub("吗", text)
