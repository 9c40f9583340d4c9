"""Which requests the short way takes."""

from __future__ import annotations

import pytest

from bot.usual import usual
from tests.bot.wire_kit import BODY, request


def test_the_usual_form() -> None:
    data = request()
    path, query, start, end = usual(data) or ("", [], 0, 0)
    assert (path, query) == ("/call", [("a", "1"), ("b", "x-_.~2")])
    assert data[start:end] == BODY
    assert usual(request("/call?a=1", BODY, "Connection: keep-alive", "X-Forwarded-For: 1.2.3.4"))


UNUSUAL = {
    "another method": request().replace(b"POST", b"GET", 1),
    "an older version": request().replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no query": request("/call"),
    "an escape": request("/call?a=%41"),
    "a plus": request("/call?a=1+2"),
    "a value with =": request("/call?a=b=c"),
    "a name alone": request("/call?a"),
    "another path": request("/../call?a=1"),
    "a fragment": request("/call?a=1#x"),
    "chunked": request("/call?a=1", BODY, "Transfer-Encoding: chunked"),
    "packed": request("/call?a=1", BODY, "content-encoding: gzip"),
    "asks first": request("/call?a=1", BODY, "Expect: 100-continue"),
    "ends": request("/call?a=1", BODY, "Connection: close"),
    "another protocol": request("/call?a=1", BODY, "Connection: Upgrade", "Upgrade: websocket"),
    "two lengths": request("/call?a=1", BODY, "Content-Length: 3"),
    "a signed length": request().replace(b"Length: ", b"Length: +"),
    "a folded line": request("/call?a=1", BODY, "X: 1", " 2"),
    "a blank before the colon": request("/call?a=1", BODY, "X : 1"),
    "bare line feeds": request().replace(b"\r\n", b"\n"),
    "a control character": request("/call?a=1", BODY, "X: \x01"),
    "half a head": request()[:30],
    "a long head": request("/call?a=1", BODY, "X: " + "x" * 9000),
    "nothing": b"\r\n",
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_everything_else_is_left_to_aiohttp(name: str) -> None:
    assert usual(UNUSUAL[name]) is None
