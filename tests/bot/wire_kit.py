"""A callback as bytes."""

from __future__ import annotations

BODY = "<xml>你好</xml>".encode()


def request(target: str = "/call?a=1&b=x-_.~2", body: bytes = BODY, *fields: str) -> bytes:
    lines = [f"POST {target} HTTP/1.1", "Host: x", *fields, f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
