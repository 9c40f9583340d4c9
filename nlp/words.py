"""Words cut by jieba, as a last hint at the category when no keyword rule fits. Loaded only by `load`."""

from __future__ import annotations

import logging
import tempfile
from typing import Any

from nlp.lexicon import data, lexicon

LONGEST = 200  # characters cut; the rest of a long letter adds nothing to a hint
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
    _state["codes"] = _vocabulary(tokenizer)
    _state["tokenizer"] = tokenizer


def cut(text: str) -> list[str]:
    """The words of a text, as the dictionary has them (nothing guessed); loads the dictionary at first use."""
    load()
    return list(_state["tokenizer"].cut(text, HMM=False))


def known(word: str) -> bool:
    """Whether the dictionary has it, or has every part of it as a word; loads the dictionary at first use."""
    load()
    return bool(_state["tokenizer"].FREQ.get(word)) or all(len(part) > 1 for part in cut(word))


def codes(text: str) -> tuple[tuple[str, float], ...]:
    """Up to three codes whose rules share words with the text, weights below what counts as a category."""
    if not ready():
        return ()
    votes: dict[str, float] = {}
    for word in set(_state["tokenizer"].cut(text[:LONGEST])):
        shared = _state["codes"].get(word, ())
        for code in shared:
            votes[code] = votes.get(code, 0.0) + 1.0 / len(shared)
    best = sorted(votes.items(), key=lambda item: (-item[1], item[0]))[:3]
    return tuple((code, min(1.0, vote)) for code, vote in best)


def _vocabulary(tokenizer: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    code = ""
    for line in data("categories.txt").splitlines():
        if line.startswith("["):
            code = line[1:-1]
        elif line and not line.startswith("#"):
            for token in line.split():
                for atom in token.partition("*")[0].replace("|", "+").split("+"):
                    if atom[:1] not in "%~" and len(atom) >= 2:
                        for word in (atom, *tokenizer.cut(atom)):
                            if len(word) >= 2:
                                found.setdefault(word, set()).add(code)
    return {word: tuple(sorted(known)) for word, known in found.items() if len(known) <= 4}
