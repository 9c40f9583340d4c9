"""Callbacks as the platform sends them, signed and sealed, as whole HTTP requests; not what to say."""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass, field

from bot.channels.tencent.envelope import Envelope, sign
from bot.channels.tencent.xmlbody import parse

APP_ID = "wxb11529c136998cb6"
SECRET = "s" * 32
TOKEN = "benchbenchbenchbench"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_7f083739789a"


def settings(api: str) -> dict[str, str]:
    """The server's side of the account; `api`: where the platform's API is."""
    return {
        "JUSHE_WECHAT_APP_ID": APP_ID,
        "JUSHE_WECHAT_SECRET": SECRET,
        "JUSHE_WECHAT_TOKEN": TOKEN,
        "JUSHE_WECHAT_AES_KEY": AES_KEY,
        "JUSHE_WECHAT_MODE": "safe",
        "JUSHE_WECHAT_API_BASE": api,
    }


@dataclass
class Writer:
    """Makes requests. Every message has a fresh MsgId and nonce; the timestamp is now. `plain`: not sealed."""

    plain: bool = False
    host: str = "127.0.0.1"
    _envelope: Envelope = field(default_factory=lambda: Envelope(APP_ID, AES_KEY))
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(time.time_ns() // 1000 * 1000))
    _salt: str = field(default_factory=lambda: os.urandom(4).hex())

    def new_id(self) -> int:
        return next(self._ids)

    def text(self, user: str, words: str, msg_id: int | None = None) -> bytes:
        """A text message of `user`. With a `msg_id` used before it is a copy."""
        number = self.new_id() if msg_id is None else msg_id
        stamp = str(int(time.time()))
        nonce = f"{self._salt}{number}"
        xml = (
            f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
            f"<CreateTime>{stamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{words}]]></Content><MsgId>{number}</MsgId></xml>"
        )
        query = f"signature={sign(TOKEN, stamp, nonce)}&timestamp={stamp}&nonce={nonce}&openid={user}"
        body = xml.encode()
        if not self.plain:
            sealed = self._envelope.seal(body)
            query += f"&encrypt_type=aes&msg_signature={sign(TOKEN, stamp, nonce, sealed)}"
            body = (
                f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
            ).encode()
        head = (
            f"POST /wechat?{query} HTTP/1.1\r\nHost: {self.host}\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def read(self, body: bytes) -> str:
        """The words of a passive reply; "" for `success`."""
        if body == b"success":
            return ""
        if not self.plain:
            body = self._envelope.open(parse(body).one("Encrypt", 65536)).message
        return parse(body).one("Content", 65536)
