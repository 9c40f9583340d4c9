"""jieba's dictionary in a tenth of the memory: the same words and counts as sorted numbers; knows no message.

jieba keeps half a million pieces of words in a dict, some 60 MB. A piece of up to four characters is a whole number
of 64 bits (its UTF-16), so they stand sorted in an array beside their counts; the few longer ones stay in a dict.
"""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import orjson

_SHORT = 8  # bytes of UTF-16
_MARK = b"jushe words 1\n"
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
        data = piece.encode("utf-16-le", "surrogatepass")
        if len(data) > _SHORT:
            return self.long.get(piece)
        number = int.from_bytes(data, "little")
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
    counts = _made(io.BytesIO(data))
    if kept is not None:
        with suppress(OSError):  # it can be made again at every start
            _keep(kept, counts, made_of)
    return counts


def _made(lines: Iterable[bytes]) -> Counts:
    pieces, counts = array("Q"), array("I")
    long: list[tuple[str, int]] = []
    total = 0
    for line in lines:
        word, number = _read(line)
        total += number
        data = word.encode("utf-16-le")
        if len(data) > _SHORT:
            long.append((word, number))
            data, number = data[:_SHORT], 0
        for size in range(2, len(data), 2):
            pieces.append(int.from_bytes(data[:size], "little"))
            counts.append(0)
        pieces.append(int.from_bytes(data, "little"))
        counts.append(number)
    once, most = array("Q"), array("I")
    for at in sorted(range(len(pieces)), key=pieces.__getitem__):
        if once and once[-1] == pieces[at]:
            most[-1] = max(most[-1], counts[at])
        else:
            once.append(pieces[at])
            most.append(counts[at])
    return Counts(once, most, _long(long), total)


def _read(line: bytes) -> tuple[str, int]:
    word, _, rest = line.decode().partition(" ")
    if not (count := rest.split(" ")[0].strip()).isdecimal():
        raise ValueError(f"no line of a dictionary: {word.strip()!r} has no count")
    return word, int(count)


def _long(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word, count in words:
        for size in range(_SHORT // 2 + 1, len(word)):
            found.setdefault(word[:size], 0)
        found[word] = count
    return found


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
