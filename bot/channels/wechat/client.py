"""The calls to the platform's API: one session, time-outs, one token; not which message goes by which call."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import LOUD, ApiError, Policy, TokenRefused
from bot.channels.wechat.fetch import TIMEOUT, Fetched, Fetcher, FetchRefused, body_of, is_local
from bot.channels.wechat.token import Shelf, Token

log = logging.getLogger("jushe.wechat")
CUSTOM = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/bizsend"
MEDIA_GET = "/cgi-bin/media/get"
MEDIA_UPLOAD = "/cgi-bin/media/upload"
QRCODE = "/cgi-bin/qrcode/create"
MENU = "/cgi-bin/menu/create"
STABLE_TOKEN = "/cgi-bin/stable_token"  # noqa: S105 - a path
_ANSWER_MOST = 1024 * 1024
_JSON = {"Content-Type": "application/json; charset=utf-8"}

Answer = dict[str, Any]


class WeChatClient:
    """Must be made inside a running loop. Every method raises ApiError; `close` when done."""

    def __init__(self, config: WeChatConfig, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._config = config
        self._base = config.api_base.rstrip("/")
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, headers={"Accept-Encoding": "identity"})
        own = urlsplit(self._base)
        self._files = Fetcher(own.netloc, local=is_local(own.hostname or ""))
        self.token = Token(shelf, self._stable_token, now)

    async def send_text(self, user: str, text: str) -> None:
        """A customer-service message; `text` at most 2048 bytes, inside the resident's window (wechat.md §6)."""
        await self._post(CUSTOM, {"touser": user, "msgtype": "text", "text": {"content": text}})

    async def send_template(self, user: str, template: str, data: Mapping[str, str], own_id: str, url: str) -> None:
        """A template message 模板消息. `own_id` lets the platform drop a repeat."""
        body = {"touser": user, "template_id": template, "client_msg_id": own_id, "data": _values(data)}
        await self._post(TEMPLATE, body | ({"url": url} if url else {}))

    async def send_notice(self, user: str, template: str, data: Mapping[str, str], url: str) -> None:
        """A subscription notice 订阅通知; spends one consent of the resident."""
        body = {"touser": user, "template_id": template, "data": _values(data)}
        await self._post(SUBSCRIBE, body | ({"page": url} if url else {}))

    async def media(self, media_id: str) -> Fetched:
        """A photo, voice or video that a resident sent within 3 days; at most 10 MB. Also raises FetchRefused."""
        answer = await self._call("GET", MEDIA_GET, params={"media_id": media_id}, file=True)
        if isinstance(answer, Fetched):
            return answer
        url = answer.get("video_url")  # for video the platform answers an address (wechat.md §10)
        if not isinstance(url, str):
            raise ApiError("not_json")
        try:
            return await self._files.get(url)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _network(error) from None

    async def upload(self, kind: str, name: str, data: bytes, content_type: str) -> str:
        """The media id, good for 3 days. `kind`: image voice video thumb; an image at most 2 MB."""

        def form() -> aiohttp.FormData:  # made anew for a repeat: a form can be sent once
            fields = aiohttp.FormData()
            fields.add_field("media", data, filename=name, content_type=content_type)
            return fields

        return _text_of(await self._call("POST", MEDIA_UPLOAD, params={"type": kind}, form=form), "media_id")

    async def create_qrcode(self, scene: str) -> str:
        """The ticket of a permanent code with this scene (1–64 characters)."""
        body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        return _text_of(await self._post(QRCODE, body), "ticket")

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the account's menu (menu.py)."""
        await self._post(MENU, menu)

    async def close(self) -> None:
        await self._session.close()
        await self._files.close()

    async def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        answer = await self._call("POST", path, body=body)
        assert isinstance(answer, dict)
        return answer

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
                return _checked(answer)
            except ApiError as error:
                if error.rule.policy is not Policy.RENEW_ONCE or last:
                    _tell(path, error)
                    raise
            token = await self.token.renew(token)
        raise AssertionError("unreachable")

    async def _once(
        self, method: str, path: str, query: Mapping[str, str], data: bytes | aiohttp.FormData | None, *, file: bool
    ) -> Answer | Fetched:
        headers = _JSON if isinstance(data, bytes) else {}
        try:
            async with self._session.request(
                method, self._base + path, params=query, data=data, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise ApiError("http")
                if file and answer.content_type not in ("application/json", "text/plain"):
                    return Fetched(await body_of(answer), answer.content_type)
                return await _json(answer)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise _network(error) from None  # the library's errors hold the address, and that holds the token

    async def _stable_token(self, force: bool) -> tuple[str, float]:
        body = {
            "grant_type": "client_credential",
            "appid": self._config.app_id,
            "secret": self._config.secret,
            "force_refresh": force,
        }
        try:
            answer = _checked(await self._once("POST", STABLE_TOKEN, {}, orjson.dumps(body), file=False))
            if isinstance(answer, Fetched):
                raise ApiError("not_json")
            life = answer.get("expires_in")
            return _text_of(answer, "access_token"), float(life) if isinstance(life, int) else 7200.0
        except ApiError as error:
            _tell(STABLE_TOKEN, error)
            raise TokenRefused(error.code) from error


def _checked(answer: Answer | Fetched) -> Answer | Fetched:
    if isinstance(answer, Fetched):
        return answer
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise ApiError("not_json")
    if code == 0:
        return answer
    error = ApiError(code, str(answer.get("errmsg", "")))
    if error.rule.policy is Policy.SUCCESS:
        return answer
    raise error


def _network(error: Exception) -> ApiError:
    if isinstance(error, aiohttp.ConnectionTimeoutError | aiohttp.ClientConnectorError):
        return ApiError("connect")
    return ApiError("timeout" if isinstance(error, TimeoutError) else "reset")


async def _json(answer: aiohttp.ClientResponse) -> Answer:
    try:
        said = orjson.loads(await body_of(answer, _ANSWER_MOST))
    except (orjson.JSONDecodeError, FetchRefused):
        raise ApiError("not_json") from None
    if not isinstance(said, dict):
        raise ApiError("not_json")
    return said


def _tell(path: str, error: ApiError) -> None:
    """One line for support: the code and request id, never errmsg, which may hold an OpenID."""
    level = logging.ERROR if error.code in LOUD else logging.WARNING
    log.log(level, "wechat call failed path=%s code=%s rid=%s field=%s", path, error.code, error.rid, error.field)


def _text_of(answer: Answer | Fetched, name: str) -> str:
    value = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(value, str) or not value:
        raise ApiError("not_json")
    return value


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {field: {"value": value} for field, value in data.items()}
