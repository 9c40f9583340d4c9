"""What the channel tests share: an account, its clock, and callbacks signed as the platform signs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.tencent.envelope import Envelope, Hostile, sign
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.front import Front
from bot.channels.wechat.read import Message, opened
from handlers.types import Sender

APP_ID = "wxb11529c136998cb6"
TOKEN = "pamtestpamtestpamtest"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg"
OPENID = "oia2TjjewbmiOUlr6X-1crbLOvLw"
ACCOUNT = "gh_7f083739789a"
START = datetime(2026, 6, 1, 1, 0, 0, tzinfo=UTC)  # 09:00 in Shanghai
WHO = Sender("wechat", APP_ID, OPENID)
FIXTURES = Path(__file__).parent / "fixtures"
Query = dict[str, str]


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def config(mode: str = "safe", **more: object) -> WeChatConfig:
    values: dict[str, object] = {
        "app_id": APP_ID, "secret": "s" * 32, "token": TOKEN, "aes_key": AES_KEY, "mode": mode,
        "public_url": "https://jushe.example.cn",
    }  # fmt: skip
    return WeChatConfig(**(values | more))  # type: ignore[arg-type]


def text_xml(
    content: str = "3幢2单元楼道灯坏了", msg_id: str = "23279768126034567", created: int = 1780275600
) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{OPENID}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId></xml>"
    ).encode()


def signed(now: datetime, nonce: str = "486452656", token: str = TOKEN) -> dict[str, str]:
    """The query of a callback in plain mode."""
    stamp = str(int(now.timestamp()))
    return {"signature": sign(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": OPENID}


def sealed(
    now: datetime,
    xml: bytes,
    *,
    nonce: str = "486452656",
    key: str = AES_KEY,
    app_id: str = APP_ID,
    both: bool = False,
) -> tuple[dict[str, str], bytes]:
    """Query and body in safe mode; `both`: in compatible mode, with the plain fields beside the envelope."""
    encrypt = Envelope(app_id, key).seal(xml)
    query = signed(now, nonce)
    query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, query["timestamp"], nonce, encrypt)}
    plain = (
        xml.removeprefix(b"<xml>").removesuffix(b"</xml>") if both else f"<ToUserName>{ACCOUNT}</ToUserName>".encode()
    )
    return query, b"<xml>" + plain + f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


def read_body(body: bytes) -> Message:
    return opened(body, APP_ID)


def refusal(front: Front, query: list[tuple[str, str]] | Query, body: bytes) -> tuple[int, str]:
    with pytest.raises(Hostile) as refused:
        front.accept(query.items() if isinstance(query, dict) else query, body)
    return refused.value.status, refused.value.reason
