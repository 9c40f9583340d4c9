"""The calls an Official Account makes; how a call is made is shared, which message goes by which call is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels.tencent.api import Api, life_of, network, text_of
from bot.channels.tencent.errors import ApiError
from bot.channels.tencent.fetch import Fetched, Fetcher, is_local
from bot.channels.tencent.token import Shelf
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import CODES

CUSTOM = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
SUBSCRIBE = "/cgi-bin/message/subscribe/bizsend"
MEDIA_GET = "/cgi-bin/media/get"
MEDIA_UPLOAD = "/cgi-bin/media/upload"
QRCODE = "/cgi-bin/qrcode/create"
MENU = "/cgi-bin/menu/create"
STABLE_TOKEN = "/cgi-bin/stable_token"  # noqa: S105 - a path


class WeChatClient:
    """Must be made inside a running loop. Every method raises ApiError; `close` when done."""

    def __init__(self, config: WeChatConfig, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._config = config
        own = urlsplit(config.api_base.rstrip("/"))
        self._api = Api(config.api_base, CODES, shelf, self._stable_token, now)
        self._files = Fetcher(own.netloc, local=is_local(own.hostname or ""))
        self.token = self._api.token

    async def send_text(self, user: str, text: str) -> None:
        """A customer-service message; `text` at most 2048 bytes, inside the resident's window (wechat.md §6)."""
        await self._api.post(CUSTOM, {"touser": user, "msgtype": "text", "text": {"content": text}})

    async def send_template(self, user: str, template: str, data: Mapping[str, str], own_id: str, url: str) -> None:
        """A template message 模板消息. `own_id` lets the platform drop a repeat."""
        body = {"touser": user, "template_id": template, "client_msg_id": own_id, "data": _values(data)}
        await self._api.post(TEMPLATE, body | ({"url": url} if url else {}))

    async def send_notice(self, user: str, template: str, data: Mapping[str, str], url: str) -> None:
        """A subscription notice 订阅通知; spends one consent of the resident."""
        body = {"touser": user, "template_id": template, "data": _values(data)}
        await self._api.post(SUBSCRIBE, body | ({"page": url} if url else {}))

    async def media(self, media_id: str) -> Fetched:
        """A photo, voice or video that a resident sent within 3 days; at most 10 MB. Also raises FetchRefused."""
        answer = await self._api.file(MEDIA_GET, media_id=media_id)
        if isinstance(answer, Fetched):
            return answer
        url = answer.get("video_url")  # for video the platform answers an address (wechat.md §10)
        if not isinstance(url, str):
            raise ApiError("not_json")
        try:
            return await self._files.get(url)
        except (TimeoutError, aiohttp.ClientError) as error:
            raise network(error) from None

    async def upload(self, kind: str, name: str, data: bytes, content_type: str) -> str:
        """The media id, good for 3 days. `kind`: image voice video thumb; an image at most 2 MB."""
        return await self._api.upload(MEDIA_UPLOAD, kind, name, data, content_type)

    async def create_qrcode(self, scene: str) -> str:
        """The ticket of a permanent code with this scene (1–64 characters)."""
        return text_of(await self._api.post(QRCODE, _permanent(scene)), "ticket")

    async def scene_address(self, scene: str) -> str:
        """What stands in the picture of a permanent code, to draw it oneself."""
        return text_of(await self._api.post(QRCODE, _permanent(scene)), "url")

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the account's menu (menu.py)."""
        await self._api.post(MENU, menu)

    async def close(self) -> None:
        await self._api.close()
        await self._files.close()

    async def _stable_token(self, force: bool) -> tuple[str, float]:
        body = {
            "grant_type": "client_credential",
            "appid": self._config.app_id,
            "secret": self._config.secret,
            "force_refresh": force,
        }
        answer = await self._api.open("POST", STABLE_TOKEN, {}, body)
        return text_of(answer, "access_token"), life_of(answer)


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {field: {"value": value} for field, value in data.items()}


def _permanent(scene: str) -> dict[str, Any]:
    return {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
