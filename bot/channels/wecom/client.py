"""The calls a WeCom application makes; how a call is made is shared, which message goes by which call is not here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.tencent.api import Api, life_of, text_of
from bot.channels.tencent.errors import ApiError
from bot.channels.tencent.fetch import Fetched
from bot.channels.tencent.token import Shelf
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.errors import CODES

GET_TOKEN = "/cgi-bin/gettoken"  # noqa: S105 - a path
SEND = "/cgi-bin/message/send"
UPDATE_CARD = "/cgi-bin/message/update_template_card"
MEDIA_GET = "/cgi-bin/media/get"
MEDIA_UPLOAD = "/cgi-bin/media/upload"
MENU = "/cgi-bin/menu/create"
USER_OF_CODE = "/cgi-bin/auth/getuserinfo"
_DUPLICATE_SECONDS = 600  # the same words to the same member within this time are one message
_IMAGE_MOST = 2 * 1024 * 1024

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """`known` False: the member does not exist or does not see the application (invaliduser)."""

    known: bool
    code: str = ""  # lets a card be changed once


class WeComClient:
    """Must be made inside a running loop. Every method raises ApiError; `close` when done."""

    def __init__(self, config: WeComConfig, shelf: Shelf, now: Callable[[], datetime]) -> None:
        self._config = config
        self._api = Api(config.api_base, CODES, shelf, self._token, now)
        self.token = self._api.token

    async def send_text(self, user: str, text: str, *, once: bool = True) -> Sent:
        """`text` at most 2048 bytes, the rest is cut off. `once`: a repeat within ten minutes is dropped."""
        return await self._send(user, {"msgtype": "text", "text": {"content": text}}, once=once)

    async def send_image(self, user: str, media_id: str) -> Sent:
        return await self._send(user, {"msgtype": "image", "image": {"media_id": media_id}}, once=False)

    async def send_card(self, user: str, card: Card) -> Sent:
        """A template card; its task_id makes a repeat an error of its own (42014)."""
        return await self._send(user, {"msgtype": "template_card", "template_card": card}, once=False)

    async def update_card(self, user: str, code: str, card: Card) -> None:
        """Another card in place of the one whose `code` this is: once, within 72 hours."""
        body = {
            "userids": [user],
            "agentid": self._config.agent_id,
            "response_code": code,
            "template_card": card,
        }
        await self._api.post(UPDATE_CARD, body)

    async def media(self, media_id: str) -> Fetched:
        """A photo or voice that a member sent within 3 days; at most 10 MB. Also raises FetchRefused."""
        answer = await self._api.file(MEDIA_GET, media_id=media_id)
        if not isinstance(answer, Fetched):
            raise ApiError("not_json")
        return answer

    async def upload(self, name: str, data: bytes) -> str:
        """The media id of a photo, good for 3 days. Raises ValueError above 2 MB (wechat.md §10)."""
        if len(data) > _IMAGE_MOST:
            raise ValueError("a photo of at most 2 MB can be sent")
        return await self._api.upload(MEDIA_UPLOAD, "image", name, data, "image/jpeg")

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the application's menu (menu.py)."""
        await self._api.post(MENU, menu, agentid=str(self._config.agent_id))

    async def user_of(self, code: str) -> str:
        """The UserID, in lower case, of a log-in's code; "" for somebody outside the corporation."""
        answer = await self._api.get(USER_OF_CODE, code=code)
        user = answer.get("userid", "")
        return user.lower() if isinstance(user, str) else ""

    async def close(self) -> None:
        await self._api.close()

    async def _send(self, user: str, message: Mapping[str, Any], *, once: bool) -> Sent:
        body = {"touser": user, "agentid": self._config.agent_id, **message}
        if once:
            body |= {"enable_duplicate_check": 1, "duplicate_check_interval": _DUPLICATE_SECONDS}
        answer = await self._api.post(SEND, body)
        unknown = str(answer.get("invaliduser") or "").lower().split("|")
        code = answer.get("response_code")
        return Sent(user.lower() not in unknown, code if isinstance(code, str) else "")

    async def _token(self, force: bool) -> tuple[str, float]:
        """WeCom answers the same token until its end; there is nothing to force."""
        query = {"corpid": self._config.corp_id, "corpsecret": self._config.secret}
        answer = await self._api.open("GET", GET_TOKEN, query, None)
        return text_of(answer, "access_token"), life_of(answer)
