"""What sort of word a word is: jieba's dictionary says town, name, time, verb, particle …; loaded at first use.

Some 350,000 words in 4 MB: those of up to four characters as sorted numbers (their UTF-16) beside a byte, the longer
ones in a dict. The sorts are those of the ICTCLAS tag set, as `ns` for places and `nr` for people.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

NUMBER, LATIN, UNKNOWN = "#", "@", "?"
_SHORT = 8  # bytes of UTF-16


class Classes:
    """Built once from lines of word, count and sort; then only read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.names: list[str] = []
        index: dict[str, int] = {}
        found: list[tuple[int, int]] = []
        self._long: dict[str, int] = {}
        for line in lines:
            word, _, sort = line.decode().split(" ")
            at = index.setdefault(sort.strip(), len(index))
            data = word.encode("utf-16-le")
            if len(data) > _SHORT:
                self._long[word] = at
            else:
                found.append((int.from_bytes(data, "little"), at))
        found.sort()
        self.names = list(index)
        self._words = array("Q", (word for word, _ in found))
        self._sorts = bytes(at for _, at in found)

    def of(self, word: str) -> str:
        """NUMBER for figures, LATIN for other half-width letters, UNKNOWN for what the dictionary lacks."""
        if word.isascii() and word.isalnum():
            return NUMBER if word.isdigit() else LATIN
        data = word.encode("utf-16-le", "surrogatepass")
        if len(data) > _SHORT:
            at = self._long.get(word)
            return UNKNOWN if at is None else self.names[at]
        number = int.from_bytes(data, "little")
        place = bisect_left(self._words, number)
        known = place < len(self._words) and self._words[place] == number
        return self.names[self._sorts[place]] if known else UNKNOWN


@lru_cache(maxsize=1)
def classes() -> Classes:
    """Those of jieba's dictionary: about a second, once."""
    import jieba

    with jieba.Tokenizer().get_dict_file() as file:
        return Classes(file)


def of(word: str) -> str:
    return classes().of(word)
