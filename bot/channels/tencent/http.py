"""What a server answers to a POST, read from the bytes of its connection (RFC 9112); sends nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD_MOST = 32 * 1024
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\r\n]*)?(?=\r\n)")
_FIELD = re.compile(rb"\r\n([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\r\n\0]*)(?=\r\n)")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_NUMBER = re.compile(rb"[0-9]{1,12}")


class Broken(Exception):
    """Not an answer, or not all of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` None: longer than was allowed, or packed though nobody asked for it. `kept`: the connection goes on."""

    status: int
    body: bytes | None
    kept: bool


def answer(data: bytes, most: int, *, ended: bool) -> Answer | None:
    """The answer that `data` holds, None while more must come. `ended`: no more comes. Raises Broken."""
    start = 0
    while True:
        end = data.find(b"\r\n\r\n", start)
        if end < 0:
            if ended or len(data) - start > HEAD_MOST:
                raise Broken
            return None
        head = data[start : end + 2]
        status = _STATUS.match(head)
        if status is None:
            raise Broken
        code = int(status[2])
        if code >= 200:
            break
        if code == 101:
            raise Broken
        start = end + 4  # 100 Continue and its like: the answer follows
    fields = _fields(head[status.end() :])
    kept = status[1] == b"1" and b"close" not in fields.get(b"connection", b"").lower()
    if fields.get(b"content-encoding", b"identity").lower() != b"identity":
        return Answer(code, None, False)
    if code in (204, 304):
        return Answer(code, b"", kept and len(data) == end + 4)
    coding, length = fields.get(b"transfer-encoding"), fields.get(b"content-length")
    if coding is not None:
        if coding.lower() != b"chunked" or length is not None:
            raise Broken  # two lengths: whoever stands between may have read another one
        return _chunked(data, end + 4, most, code, kept=kept, ended=ended)
    if length is None:
        if len(data) - end - 4 > most:
            return Answer(code, None, False)
        return Answer(code, data[end + 4 :], False) if ended else None
    if not _NUMBER.fullmatch(length):
        raise Broken
    size = int(length)
    if size > most:
        return Answer(code, None, False)
    have = len(data) - end - 4
    if have < size:
        if ended:
            raise Broken
        return None
    return Answer(code, data[end + 4 : end + 4 + size], kept and have == size)


def _fields(lines: bytes) -> dict[bytes, bytes]:
    """By name in small letters. Raises Broken for a line that is none, and where one says how long it is twice."""
    found: dict[bytes, bytes] = {}
    at = 0
    while match := _FIELD.match(lines, at):
        at = match.end()
        name = match[1].lower()
        if name in (b"content-length", b"transfer-encoding") and name in found:
            raise Broken
        found[name] = match[2].strip(b" \t")
    if at != len(lines) - 2:
        raise Broken
    return found


def _chunked(data: bytes, at: int, most: int, code: int, *, kept: bool, ended: bool) -> Answer | None:
    body = bytearray()
    while size := _SIZE.match(data, at):
        length, at = int(size[1], 16), size.end()
        if not length:
            return _after_chunks(data, at, Answer(code, bytes(body), kept), ended=ended)
        if len(body) + length > most:
            return Answer(code, None, False)
        if len(data) < at + length + 2:
            break
        if data[at + length : at + length + 2] != b"\r\n":
            raise Broken
        body += data[at : at + length]
        at += length + 2
    else:
        if data.find(b"\n", at) >= 0 or len(data) - at > HEAD_MOST:
            raise Broken
    if ended:
        raise Broken
    return None


def _after_chunks(data: bytes, at: int, whole: Answer, *, ended: bool) -> Answer | None:
    """Fields may follow; nobody reads them."""
    end = at if data.startswith(b"\r\n", at) else data.find(b"\r\n\r\n", at) + 2
    if end >= max(at, 2):
        return whole if len(data) == end + 2 else Answer(whole.status, whole.body, False)
    if ended or len(data) - at > HEAD_MOST:
        raise Broken
    return None
