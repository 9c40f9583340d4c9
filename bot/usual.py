"""Whether bytes are a POST of the one usual form, and where its body is; answers nothing."""

from __future__ import annotations

import re
from functools import lru_cache

HEAD_MOST = 8190
Pairs = list[tuple[str, str]]

_USUAL = re.compile(
    rb"POST (/[a-z]{1,32})\?(\w+=[\w.~-]*(?:&\w+=[\w.~-]*)*) HTTP/1\.1\r\n"
    rb"((?:[A-Za-z0-9-]+:[\t -\xff]*\r\n)+)\r\n",
    re.ASCII,
)
_LENGTH = re.compile(rb"^content-length:[ ]*([0-9]{1,6})[ ]*\r$", re.MULTILINE | re.IGNORECASE)
# Whatever changes how long a request is, how it is read or what becomes of the connection
_UNUSUAL = re.compile(
    rb"^(?:transfer-encoding|content-encoding|expect|upgrade|te|trailer|connection:(?![ ]*keep-alive[ ]*\r$))",
    re.MULTILINE | re.IGNORECASE,
)


def usual(data: bytes) -> tuple[str, Pairs, int, int] | None:
    """(path, query, where the body starts, where it ends) of a request of the usual form, else None.

    The query is taken only where nothing in it is escaped, so that it reads the same everywhere.
    """
    head = _USUAL.match(data, 0, HEAD_MOST)
    if head is None:
        return None
    path, query, fields = head.groups()
    length = _length(fields)
    if length is None:
        return None
    pairs = [tuple(pair.split("=")) for pair in query.decode().split("&")]
    return path.decode(), pairs, head.end(), head.end() + length


@lru_cache(maxsize=1024)  # a platform's requests differ in nothing but their length
def _length(fields: bytes) -> int | None:
    """The length of the body; None where it is not plainly said, or the fields are no usual ones."""
    length = _LENGTH.findall(fields)
    if len(length) != 1 or fields.lower().count(b"content-length") != 1 or _UNUSUAL.search(fields):
        return None
    return int(length[0])
