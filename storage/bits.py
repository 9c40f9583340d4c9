"""Sets of places within a block, small in a table: a list of numbers while few, else a map of bits."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator

SIZE = 4096  # places of a block
_MAP = SIZE // 8  # bytes of a map; a list is always shorter, so that its length tells which it is
_MOST = _MAP // 2 - 1


def pack(places: Iterable[int]) -> bytes:
    """`places`: 0 … 4095."""
    found = sorted(set(places))
    if len(found) <= _MOST:
        return array("H", found).tobytes()
    map_ = bytearray(_MAP)
    for place in found:
        map_[place >> 3] |= 1 << (place & 7)
    return bytes(map_)


def added(data: bytes, places: Collection[int]) -> bytes:
    """The set with these places too; equal to `data` when it has them."""
    if len(data) != _MAP:
        return pack((*array("H", data), *places))
    map_ = bytearray(data)
    for place in places:
        map_[place >> 3] |= 1 << (place & 7)
    return bytes(map_)


def unpack(data: bytes) -> int:
    """The set as one number: bit n is place n."""
    if len(data) == _MAP:
        return int.from_bytes(data, "little")
    map_ = bytearray(_MAP)
    for place in array("H", data):
        map_[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(map_, "little")


def falling(bits: int) -> Iterator[int]:
    """The places of a set, the highest first."""
    while bits:
        place = bits.bit_length() - 1
        yield place
        bits ^= 1 << place
