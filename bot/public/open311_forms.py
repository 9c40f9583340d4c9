"""Open311 answers as XML and JSON from the same rows; knows the shape of the format, not what is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import orjson
from aiohttp import web

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML document may hold these
# name of a list → name of one of its members (GeoReport v2, and mySociety's extension for updates)
MEMBERS: Mapping[str, str] = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "errors": "error", "service_request_updates": "request_update", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip

Row = Mapping[str, Any]


class Refused311(Exception):
    """An error of the format: status and one sentence."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def answer(form: str, root: str, found: Sequence[Row] | Row, status: int = 200) -> web.Response:
    """`form`: xml or json. A list of rows, or one value (a service's definition, the discovery)."""
    headers = {"Cache-Control": "no-store"}
    if form == "json":
        body = orjson.dumps(found)
        return web.Response(
            status=status, body=body, content_type="application/json", charset="utf-8", headers=headers
        )
    text = '<?xml version="1.0" encoding="utf-8"?>\n' + element(root, found)
    return web.Response(status=status, text=text, content_type="text/xml", charset="utf-8", headers=headers)


def error(form: str, refused: Refused311) -> web.Response:
    found = [{"code": refused.status, "description": refused.description}]
    return answer(form, "errors", found, refused.status)


def element(name: str, value: Any) -> str:
    """One XML element; text is escaped, and what XML cannot hold is left out."""
    if isinstance(value, Mapping):
        inside = "".join(element(key, part) for key, part in value.items())
    elif isinstance(value, list | tuple):
        inside = "".join(element(MEMBERS[name], part) for part in value)
    elif isinstance(value, bool):
        inside = "true" if value else "false"
    else:
        inside = "" if value is None else escape(_ILLEGAL.sub("", str(value)))
    return f"<{name}>{inside}</{name}>"
