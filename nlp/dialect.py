"""Dialect words and frequent misspellings as the standard words of the same length, so that spans stay."""

from __future__ import annotations

import re

from nlp.lexicon import word_list

_WORDS = dict(pair.split("=") for pair in word_list("dialect"))
_ANY = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_END_PARTICLE = re.compile(r"[伐哇哦噢嘛么](?=$|[,。?!])")


def standard(text: str) -> str:
    """Same length, standard words: 灯坏脱哉 → 灯坏脱了, 弄好了伐 → 弄好了吗."""
    if text.isascii():
        return text
    text = _ANY.sub(lambda match: _WORDS[match.group()], text)
    return _END_PARTICLE.sub("吗", text)
