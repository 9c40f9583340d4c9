"""In what mood a message is written: angry, in distress, thankful. Only to choose words, never to rank people."""

from __future__ import annotations

import re

from nlp.lexicon import word_list
from nlp.types import Tone

_ANGRY = re.compile("|".join(map(re.escape, word_list("angry"))))
_DISTRESS = re.compile("|".join(map(re.escape, word_list("distress"))))
_THANKS = re.compile("|".join(map(re.escape, word_list("thanks"))))
_LOOKED_AT = 400  # characters: how a letter begins is how it is meant


def tone(text: str) -> Tone:
    """The mood of a normalised text; thanks give way to anger (「谢谢你们拖了一个月」), anger to distress."""
    text = text[:_LOOKED_AT]
    if _DISTRESS.search(text):
        return "distress"
    if _ANGRY.search(text):
        return "angry"
    return "thanks" if _THANKS.search(text) else ""
