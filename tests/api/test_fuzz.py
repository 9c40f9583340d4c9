"""Anything at all is sent to every address of the specification: no answer is a fault or unlike its description."""

from __future__ import annotations

import asyncio
import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import City

NASTY = st.sampled_from(
    [
        "", "0", "null", "true", "-1", "9" * 30, "\x00", "a\x00b", "'; DROP TABLE tickets; --", "<script>", "{{7*7}}",
        "😀" * 40, "202611250001", "T0", "2026-11-25T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01", "NaN",
        "9999-12-31T23:59:59-12:00", "9999-12-31", "1e400",
    ]
)  # fmt: skip
TEXT = NASTY | st.text(max_size=30).filter(lambda s: s.isprintable())
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def fitting(schema: dict[str, Any], whole: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that mostly fit a schema, and now and then do not."""
    if "$ref" in schema:
        return fitting(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return st.one_of(*(fitting(one, whole) for one in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]]) | TEXT
    kind = schema.get("type")
    if kind == "object":
        fields = {name: fitting(one, whole) for name, one in schema.get("properties", {}).items()}
        return st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(fields) | JUNK
    if kind == "array":
        return st.lists(fitting(schema["items"], whole), max_size=3)
    return {"integer": st.integers(-3, 2**63), "number": st.floats(allow_nan=False), "boolean": st.booleans()}.get(
        kind or "", TEXT
    )  # fmt: skip


async def test_nothing_is_a_fault(city: City) -> None:
    roles = [city.client(role, person=city.people["leader"] if role == "member" else 0)
             for role in ("desk", "source", "member", "read")]  # fmt: skip
    made = await roles[1]("POST", "/tickets", json={"words": "3幢2单元楼道灯坏了"})
    spec = (await roles[0]("GET", "/openapi.json")).body
    await asyncio.to_thread(_fuzz, city.port, spec, [client.token for client in roles], made.body["id"])


def _fuzz(port: int, spec: dict[str, Any], tokens: list[str], code: str) -> None:
    operations = [
        (method.upper(), path, operation)
        for path, item in spec["paths"].items()
        for method, operation in item.items()
    ]

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def one(data: st.DataObject) -> None:
        method, path, operation = data.draw(st.sampled_from(operations))
        path = path.replace("{id}", quote(data.draw(st.just(code) | TEXT), safe=""))
        query: list[tuple[str, str]] = []
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and data.draw(st.integers(0, 3)) == 0:
                value = data.draw(fitting(parameter["schema"], spec))
                for single in value if isinstance(value, list) else [value]:
                    query.append((parameter["name"], str(single)))
        body: bytes | None = None
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            body = json.dumps(data.draw(fitting(schema, spec))).encode() if data.draw(st.integers(0, 9)) else b"{\xff"
        headers = {
            "Authorization": f"Bearer {data.draw(st.sampled_from(tokens))}",
            "Content-Type": "application/json",
        }
        status, kind, answer = _ask(port, method, f"{path}?{urlencode(query)}", headers, body)
        said = f"{method} {path} {query} {body!r} → {status} {answer[:200]!r}"
        assert status < 500, said
        assert str(status) in operation["responses"], said
        assert kind == ("application/json" if status == 200 else "application/problem+json"), said
        found = json.loads(answer)
        if status == 200:
            name = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
            assert set(found) == set(spec["components"]["schemas"][name]["properties"]), said
        else:
            assert found["status"] == status and found["detail"].endswith("。"), said

    one()


async def test_a_line_that_is_too_long_is_answered_as_described(city: City) -> None:
    client = city.client("read")
    spec = (await client("GET", "/openapi.json")).body
    path = f"/api/v1/tickets/202606010001/timeline?reason={'x' * 9000}"
    headers = {"Authorization": f"Bearer {client.token}"}
    status, kind, _ = await asyncio.to_thread(_ask, city.port, "GET", path, headers, None)
    described = spec["paths"]["/api/v1/tickets/{id}/timeline"]["get"]["responses"]
    assert status == 400 and kind in described["400"]["content"]


def _ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()
    finally:
        connection.close()
