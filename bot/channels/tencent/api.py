"""Calls to a platform's API: one session, time-outs, one token renewed once; not which calls there are."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from bot.channels.tencent.errors import ApiError, Codes, Policy
from bot.channels.tencent.fetch import TIMEOUT, Fetched, FetchRefused, body_of
from bot.channels.tencent.token import Fetch, Shelf, Token

log = logging.getLogger("jushe.tencent")
_ANSWER_MOST = 1024 * 1024
_JSON = {"Content-Type": "application/json; charset=utf-8"}

Answer = dict[str, Any]


class Api:
    """One account's calls. Must be made inside a running loop; every method raises ApiError; `close` when done.

    `fetch_token(force)` → (token, seconds of life), made with `open` since it needs no token.
    """

    def __init__(
        self, base: str, codes: Codes, shelf: Shelf, fetch_token: Fetch, now: Callable[[], datetime]
    ) -> None:
        self._base = base.rstrip("/")
        self._codes = codes
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers={"Accept-Encoding": "identity"})
        self.token = Token(shelf, fetch_token, now, codes)

    async def post(self, path: str, body: Mapping[str, Any], **params: str) -> Answer:
        answer = await self._call("POST", path, params=params, body=body)
        assert isinstance(answer, dict)
        return answer

    async def get(self, path: str, **params: str) -> Answer:
        answer = await self._call("GET", path, params=params)
        assert isinstance(answer, dict)
        return answer

    async def file(self, path: str, **params: str) -> Answer | Fetched:
        """A file; or an answer in JSON where the platform has no bytes to give."""
        return await self._call("GET", path, params=params, file=True)

    async def upload(self, path: str, kind: str, name: str, data: bytes, content_type: str) -> str:
        """The media id, good for 3 days."""

        def form() -> aiohttp.FormData:  # made anew for a repeat: a form can be sent once
            fields = aiohttp.FormData()
            fields.add_field("media", data, filename=name, content_type=content_type)
            return fields

        return text_of(await self._call("POST", path, params={"type": kind}, form=form), "media_id")

    async def open(self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> Answer:
        """One call without a token, not repeated: how a token is had. What goes wrong is TokenRefused."""
        data = orjson.dumps(body) if body is not None else None
        try:
            answer = self._checked(await self._once(method, path, query, data, file=False))
            assert isinstance(answer, dict)
            text_of(answer, "access_token")
        except ApiError as error:
            self._tell(path, error)
            raise self._codes.refused(error.code) from error
        return answer

    async def close(self) -> None:
        await self._session.close()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        file: bool = False,
    ) -> Answer | Fetched:
        token = await self.token.get()
        for last in (False, True):
            query = {"access_token": token, **(params or {})}
            data = form() if form else orjson.dumps(body) if body is not None else None
            answer = await self._once(method, path, query, data, file=file)
            try:
                return self._checked(answer)
            except ApiError as error:
                if error.rule.policy is not Policy.RENEW_ONCE or last:
                    self._tell(path, error)
                    raise
            token = await self.token.renew(token)
        raise AssertionError("unreachable")

    async def _once(
        self, method: str, path: str, query: Mapping[str, str], data: bytes | aiohttp.FormData | None, *, file: bool
    ) -> Answer | Fetched:
        headers = _JSON if isinstance(data, bytes) else {}
        try:
            address = _address(self._base + path, tuple(query.items()))
            async with self._session.request(
                method, address, data=data, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise ApiError("http")
                if file and answer.content_type not in ("application/json", "text/plain"):
                    return Fetched(await body_of(answer), answer.content_type)
                return await _json(answer)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise network(error) from None  # the library's errors hold the address, and that holds the token

    def _checked(self, answer: Answer | Fetched) -> Answer | Fetched:
        if isinstance(answer, Fetched):
            return answer
        code = answer.get("errcode", 0)
        if not isinstance(code, int):
            raise ApiError("not_json")
        if code == 0:
            return answer
        error = self._codes.error(code, str(answer.get("errmsg", "")))
        if error.rule.policy is Policy.SUCCESS:
            return answer
        raise error

    def _tell(self, path: str, error: ApiError) -> None:
        """One line for support: the code and request id, never errmsg, which may hold who it was for."""
        level = logging.ERROR if error.code in self._codes.loud else logging.WARNING
        log.log(
            level, "%s call failed path=%s code=%s rid=%s field=%s",
            self._codes.name, path, error.code, error.rid, error.field,
        )  # fmt: skip


@functools.lru_cache(maxsize=32)
def _address(base: str, query: tuple[tuple[str, str], ...]) -> str:
    """Made once for a token: a city's announcement asks for the same one 277,000 times."""
    return f"{base}?{urlencode(query)}"


def network(error: Exception) -> ApiError:
    """What a failure of the network means for the call."""
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError):
        return ApiError("connect")
    return ApiError("timeout" if isinstance(error, TimeoutError) else "reset")


def life_of(answer: Answer) -> float:
    """Seconds a token lives."""
    life = answer.get("expires_in")
    return float(life) if isinstance(life, int) else 7200.0


def text_of(answer: Answer | Fetched, name: str) -> str:
    """A field that must be there. Raises ApiError("not_json")."""
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise ApiError("not_json")
    return value


async def _json(answer: aiohttp.ClientResponse) -> Answer:
    try:
        said = orjson.loads(await body_of(answer, _ANSWER_MOST))
    except (orjson.JSONDecodeError, FetchRefused):
        raise ApiError("not_json") from None
    if not isinstance(said, dict):
        raise ApiError("not_json")
    return said
