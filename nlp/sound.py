"""Words that sound alike (typing by sound, voice recognition). Compares; decides nothing."""

from __future__ import annotations

import os
from functools import lru_cache

# The library's word lists are for whole sentences; single characters need 44 MB less without them.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")


@lru_cache(maxsize=8192)
def syllable(char: str) -> str:
    """Pinyin of one character without tone; pairs that southern speakers mix are made equal (zh/z, ng/n)."""
    from pypinyin import lazy_pinyin

    sound = str(lazy_pinyin(char)[0]) if "一" <= char <= "鿿" else char
    for two, one in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if sound.startswith(two):
            sound = one + sound[2:]
    if len(sound) > 2 and sound.endswith("ng"):
        sound = sound[:-1]
    return sound


def same_sound(one: str, other: str) -> bool:
    return len(one) == len(other) and all(syllable(a) == syllable(b) for a, b in zip(one, other, strict=True))
