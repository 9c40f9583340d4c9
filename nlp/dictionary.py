"""jieba's dictionary in a tenth of the memory: the same words and counts as sorted numbers; knows no message.

jieba keeps half a million pieces of words in a dict, some 60 MB. A piece of up to four characters is a whole number
of 64 bits, 16 each, so they stand sorted in an array beside their counts; the few longer ones, and those with a
character of more than 16 bits, stay in a dict.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from array import array
from bisect import bisect_left
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import orjson

_SHORT = 4  # characters
_MARK = b"jushe words 2\n"
_HEAD = struct.Struct("<IIQI")  # CRC-32 of what it was made from, how many pieces, their sum, CRC-32 of the rest
_ASKED_MOST = 8192  # pieces whose counts are remembered: those of common words


class Counts:
    """What jieba asks of its `FREQ`: the count of a word, 0 for the beginning of one, nothing for what is neither.

    `total`: the sum of all counts, without those put in afterwards.
    """

    def __init__(self, pieces: array[int], counts: array[int], long: dict[str, int], total: int) -> None:
        self.pieces, self.counts, self.long, self.total = pieces, counts, long, total
        self._added: dict[str, int] = {}
        self._found = lru_cache(_ASKED_MOST)(self._find)

    def get(self, piece: str, other: int | None = None) -> int | None:
        count = self._found(piece)
        return other if count is None else count

    def __contains__(self, piece: str) -> bool:
        return self._found(piece) is not None

    def __getitem__(self, piece: str) -> int:
        """Raises KeyError for what is neither a word nor the beginning of one."""
        count = self._found(piece)
        if count is None:
            raise KeyError(piece)
        return count

    def __setitem__(self, piece: str, count: int) -> None:
        self._added[piece] = count
        self._found.cache_clear()

    def _find(self, piece: str) -> int | None:
        if piece in self._added:
            return self._added[piece]
        number = _number(piece)
        if number is None:
            return self.long.get(piece)
        at = bisect_left(self.pieces, number)
        return self.counts[at] if at < len(self.pieces) and self.pieces[at] == number else None


def read(source: Path, kept: Path | None = None) -> Counts:
    """The dictionary `source`, of jieba's form: word, count and kind in a line.

    `kept`: a file for what was made of it, read in a tenth of the time; made anew when it is missing, damaged or of
    another dictionary. Raises ValueError for a line that is none, OSError when `source` cannot be read.
    """
    data = source.read_bytes()
    made_of = zlib.crc32(data)
    if kept is not None and (found := _kept(kept, made_of)) is not None:
        return found
    counts = _made(data)
    if kept is not None:
        with suppress(OSError):  # it can be made again at every start
            _keep(kept, counts, made_of)
    return counts


def _number(piece: str) -> int | None:
    """In the order of the characters; None for a piece too long, or with a character of more than 16 bits."""
    data = piece.encode("utf-16-be", "surrogatepass")
    if len(piece) > _SHORT or len(data) != 2 * len(piece):
        return None
    return int.from_bytes(data.ljust(2 * _SHORT, b"\0"), "big")


def _made(data: bytes) -> Counts:
    lines = data.splitlines()
    lines.sort()  # as bytes: every beginning of a word then stands before it, and no piece comes twice
    pieces, counts = array("Q"), array("I")
    long: dict[str, int] = {}
    total, before = 0, ""
    for line in lines:
        word, count = _read(line)
        total += count
        new = 0
        while new < len(word) and before[new : new + 1] == word[new]:
            new += 1
        for size in range(new + 1, len(word) + 1):
            piece = word[:size]
            value = count if size == len(word) else 0
            number = _number(piece)
            if number is None:
                long[piece] = value
            else:
                pieces.append(number)
                counts.append(value)
        before = word
    return Counts(pieces, counts, long, total)


def _read(line: bytes) -> tuple[str, int]:
    word, _, rest = line.decode().partition(" ")
    if not (count := rest.partition(" ")[0]).isdecimal():
        raise ValueError(f"no line of a dictionary: {word!r} has no count")
    return word, int(count)


def _keep(path: Path, counts: Counts, made_of: int) -> None:
    body = counts.pieces.tobytes() + counts.counts.tobytes() + orjson.dumps(counts.long)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as new:
        new.write(_MARK + _HEAD.pack(made_of, len(counts.pieces), counts.total, zlib.crc32(body)) + body)
    os.replace(new.name, path)


def _kept(path: Path, made_of: int) -> Counts | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MARK) + _HEAD.size
    if not data.startswith(_MARK) or len(data) < start:
        return None
    source, size, total, check = _HEAD.unpack_from(data, len(_MARK))
    body = memoryview(data)[start:]
    if source != made_of or zlib.crc32(body) != check:
        return None
    pieces, counts = array("Q"), array("I")
    middle = size * pieces.itemsize
    end = middle + size * counts.itemsize
    pieces.frombytes(body[:middle])
    counts.frombytes(body[middle:end])
    return Counts(pieces, counts, orjson.loads(body[end:]), total)
