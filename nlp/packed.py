"""How a learned model lies in a file, whatever sort it is: framed, squeezed and sealed, and no code in it.

A file is its mark (a line: the sort and the version), the length of its header (4 bytes, little end first), the
header (JSON), the parts each with its length before it, all squeezed together, and the SHA-256 of what came before.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

LARGEST = 96_000_000  # bytes a file may unfold to
_SEAL = 32


class BadModel(ValueError):
    """The file is not a model of this version, or it is damaged; the text says which."""


def sealed(mark: bytes, header: dict[str, Any], parts: Iterable[bytes]) -> bytes:
    """The file: the same header and parts give the same bytes."""
    head = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    body = b"".join(struct.pack("<I", len(part)) + part for part in parts)
    blob = mark + struct.pack("<I", len(head)) + head + zlib.compress(body, 9)
    return blob + sha256(blob).digest()


def unsealed(mark: bytes, blob: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts. Raises BadModel for another sort or version and for a damaged file."""
    if not blob.startswith(mark):
        raise BadModel("这不是 jushe 的模型文件，或是别的版本做的。请用 jushe train 重新训练。")
    if sha256(blob[:-_SEAL]).digest() != blob[-_SEAL:]:
        raise BadModel("模型文件不完整或被改动过。请重新复制或训练。")
    try:
        return _parted(blob, len(mark))
    except (ValueError, struct.error, zlib.error) as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> BadModel:
    """What is said of a whole file whose contents make no sense."""
    return BadModel(f"模型文件读不懂（{type(error).__name__}）。请用 jushe train 重新训练。")


def chances(margins: Sequence[float]) -> list[float]:
    """What margins come to as probabilities: each 0–1, together 1."""
    top = max(margins)
    raised = [math.exp(margin - top) for margin in margins]
    whole = sum(raised)
    return [value / whole for value in raised]


def _parted(blob: bytes, at: int) -> tuple[dict[str, Any], list[bytes]]:
    (length,) = struct.unpack_from("<I", blob, at)
    at += 4
    header: dict[str, Any] = json.loads(blob[at : at + length])
    body = zlib.decompressobj().decompress(blob[at + length : -_SEAL], LARGEST)
    parts, at = [], 0
    while at < len(body):
        (size,) = struct.unpack_from("<I", body, at)
        at += 4
        if at + size > len(body):
            raise ValueError("a part is cut short")
        parts.append(body[at : at + size])
        at += size
    return header, parts
