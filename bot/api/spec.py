"""The table of endpoints as values: each is checked, run and described from the same row (OpenAPI 3.1)."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api.access import ROLES, Caller
from bot.api.models import ProblemOut
from bot.api.photos import TYPES as PHOTO_TYPES
from bot.api.problems import MEDIA_TYPE, TITLES
from bot.images import PHOTO_BYTES

if TYPE_CHECKING:
    from bot.app import App

BASE = "/api/v1"
ALL = tuple(ROLES)
_REF = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Call:
    """One checked request. `query` and `body` are instances of the endpoint's models."""

    app: App
    caller: Caller
    path: Mapping[str, str]
    query: Any = None
    body: Any = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`run` blocks and may raise Problem; it is called in a thread. `errors`: beside those every endpoint has."""

    method: str
    path: str
    name: str
    summary: str
    run: Callable[[Call], BaseModel]
    answer: type[BaseModel]
    roles: Sequence[str] = ALL
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    errors: Sequence[int] = ()
    photo: bool = False  # the body is a photo; `run` is given the name of the stored file


PATH_PARAMETERS: Mapping[str, str] = {"id": r"^\d{12,16}$"}


def openapi(endpoints: Sequence[Endpoint], address: str) -> dict[str, Any]:
    """The specification of these endpoints. `address`: of the service, with scheme."""
    schemas = _schemas(tuple(endpoints))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(BASE + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "居社通 API", "version": version("jushe"),
            "description": "工单的全部操作；其他平台推送事项、读回答复。出错时是 RFC 9457 的 problem+json。",
        },
        "servers": [{"url": address}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


@cache
def _schemas(endpoints: tuple[Endpoint, ...]) -> dict[str, Any]:
    answers = {endpoint.answer for endpoint in endpoints} | {ProblemOut}
    bodies = {endpoint.body for endpoint in endpoints if endpoint.body}
    queries = {endpoint.query for endpoint in endpoints if endpoint.query}
    wanted = [(model, "serialization") for model in answers] + [(model, "validation") for model in bodies | queries]
    _, found = models_json_schema(sorted(wanted, key=lambda w: w[0].__name__), ref_template=_REF)  # type: ignore[arg-type]
    schemas: dict[str, Any] = found["$defs"]
    return {name: schema for name, schema in schemas.items() if name not in {q.__name__ for q in queries}}


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    codes = {400, 401, 429, 500, 503, *endpoint.errors}
    codes |= {403} if len(endpoint.roles) < len(ALL) else set()
    codes |= {422} if endpoint.query or endpoint.body else set()
    codes |= {408, 413, 415, 422} if endpoint.body or endpoint.photo else set()
    answer = {"schema": {"$ref": _REF.format(model=endpoint.answer.__name__)}}
    found: dict[str, Any] = {
        "operationId": endpoint.name, "summary": endpoint.summary,
        "description": "角色：" + "、".join(endpoint.roles),
        "parameters": [*_in_path(endpoint), *_in_query(endpoint)],
        "responses": {
            "200": {"description": "好了", "content": {"application/json": answer}},
            **{str(code): _problem(code) for code in sorted(codes)},
        },
    }  # fmt: skip
    if endpoint.body:
        schema = {"$ref": _REF.format(model=endpoint.body.__name__)}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if endpoint.photo:
        photo = {"schema": {"type": "string", "format": "binary", "maxLength": PHOTO_BYTES}}
        found["requestBody"] = {"required": True, "content": dict.fromkeys(PHOTO_TYPES, photo)}
    return found


def _problem(code: int) -> dict[str, Any]:
    content: dict[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="ProblemOut")}}}
    if code == 400:  # a line over 8 KB or a broken header never reaches the endpoint: the server answers in text
        content["text/plain"] = {"schema": {"type": "string"}}
    return {"description": TITLES.get(code, "出错"), "content": content}


def _in_path(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in endpoint.path.split("/") if part.startswith("{")]
    return [
        {"name": n, "in": "path", "required": True, "schema": {"type": "string", "pattern": PATH_PARAMETERS[n]}}
        for n in names
    ]


def _in_query(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    described = endpoint.query.model_json_schema(ref_template=_REF)["properties"]
    return [_parameter(name, schema) for name, schema in described.items()]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind != {"type": "null"}]
    if kinds:  # what is not given is simply left out of a query
        schema = {**{k: v for k, v in schema.items() if k not in ("anyOf", "default")}, **kinds[0]}
    words = {"description": schema.pop("description")} if "description" in schema else {}
    schema = {k: v for k, v in schema.items() if k != "title"}
    return {"name": name, "in": "query", "required": False, "schema": schema, **words}


def takes_several(model: type[BaseModel], name: str) -> bool:
    """Whether a name of a query may stand there more than once."""
    for key, info in model.model_fields.items():
        if name in (key, info.alias):
            kinds = get_args(info.annotation) if get_origin(info.annotation) in (Union, types.UnionType) else ()
            return any(get_origin(kind) is tuple for kind in (info.annotation, *kinds))
    return False
