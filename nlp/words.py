"""Words cut by jieba: for the learned models, hot issues and what the lexicon lacks. Loaded only by `load`."""

from __future__ import annotations

import logging
import tempfile
from typing import Any

from nlp.lexicon import lexicon

_state: dict[str, Any] = {}


def ready() -> bool:
    return "tokenizer" in _state


def load(cache_dir: str | None = None) -> None:
    """Builds an own tokenizer (about 1 s) with the lexicon's words. `cache_dir` must belong to the service: the cache
    there is unmarshalled. Without one a private folder is used and removed."""
    if ready():
        return
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    if cache_dir is not None:
        tokenizer.tmp_dir = cache_dir
        tokenizer.initialize()
    else:
        with tempfile.TemporaryDirectory() as private:
            tokenizer.tmp_dir = private
            tokenizer.initialize()
    for word in lexicon().words:
        if len(word) >= 2 and "一" <= word[0] <= "鿿":
            tokenizer.add_word(word)
    _state["tokenizer"] = tokenizer


def cut(text: str) -> list[str]:
    """The words of a text, as the dictionary has them (nothing guessed); loads the dictionary at first use."""
    load()
    return list(_state["tokenizer"].cut(text, HMM=False))


def known(word: str) -> bool:
    """Whether the dictionary has it, or has every part of it as a word; loads the dictionary at first use."""
    load()
    return bool(_state["tokenizer"].FREQ.get(word)) or all(len(part) > 1 for part in cut(word))
