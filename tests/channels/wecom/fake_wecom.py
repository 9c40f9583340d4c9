"""WeCom's API as a real HTTP server: members it knows, cards it shows, messages it drops without a word."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.channels.fake_wechat import FakeWeChat

GET_TOKEN = "/cgi-bin/gettoken"
SEND = "/cgi-bin/message/send"
UPDATE_CARD = "/cgi-bin/message/update_template_card"
MEDIA_GET = "/cgi-bin/media/get"
MEDIA_UPLOAD = "/cgi-bin/media/upload"
MENU = "/cgi-bin/menu/create"
USER_OF_CODE = "/cgi-bin/auth/getuserinfo"


class FakeWeCom(FakeWeChat):
    """`gone`: members that do not exist (lower case). `cards`: task_id → card as it stands; `codes` can be used once.

    `logins`: code → answer of getuserinfo, each good once.
    """

    token_path = GET_TOKEN

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        self.cards: list[dict[str, Any]] = []
        self.updated: list[dict[str, Any]] = []
        self.used: set[str] = set()
        self.images: list[tuple[str, str]] = []
        self.logins: dict[str, dict[str, Any]] = {}
        self.tasks: set[str] = set()

    def _issue(self, request: web.Request, body: Any) -> web.Response:
        if request.query.get("corpsecret") != self.secret:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential, hint: [1]"})
        if not self.valid and not self.stuck:
            self._serial += 1
            self.valid = True
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "access_token": self.token, "expires_in": 7200}
        )  # fmt: skip

    def _done(self, path: str, request: web.Request, body: Any) -> web.Response:
        match path:
            case "/cgi-bin/message/send":
                return self._sent(body)
            case "/cgi-bin/message/update_template_card":
                return self._update(body)
            case "/cgi-bin/auth/getuserinfo":
                found = self.logins.pop(request.query["code"], None)
                return web.json_response({"errcode": 40029, "errmsg": "invalid code"} if found is None else found)
        return super()._done(path, request, body)

    def _sent(self, body: Any) -> web.Response:
        user = body["touser"]
        if user in self.gone:
            return web.json_response({"errcode": 0, "errmsg": "ok", "invaliduser": user, "msgid": "M"})
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "msgid": "M"}
        match body["msgtype"]:
            case "text":
                self.sent.append((user, body["text"]["content"]))
            case "image":
                self.images.append((user, body["image"]["media_id"]))
            case "template_card":
                card = body["template_card"]
                if card["task_id"] in self.tasks:
                    return web.json_response({"errcode": 42014, "errmsg": "task_id duplicate"})
                self.tasks.add(card["task_id"])
                self.cards.append(card)
                answer["response_code"] = f"SENT-{len(self.cards)}"
        return web.json_response(answer)

    def _update(self, body: Any) -> web.Response:
        if body["response_code"] in self.used:
            return web.json_response({"errcode": 40058, "errmsg": "response_code used"})
        self.used.add(body["response_code"])
        self.updated.append(body)
        return web.json_response({"errcode": 0, "errmsg": "ok", "invaliduser": []})
