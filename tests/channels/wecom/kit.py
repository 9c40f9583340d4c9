"""What the WeCom tests share: an application, a member, callbacks signed and sealed as the platform does."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.tencent.envelope import Envelope, sign
from bot.channels.wecom.config import WeComConfig
from handlers.types import Choice, Rank, Sender
from storage.queue import Outgoing
from tests.channels.kit import AES_KEY, OLD_KEY, START, TOKEN, Clock

__all__ = ["AES_KEY", "CORP", "OLD_KEY", "OUT", "START", "TOKEN", "USER", "WHO", "Clock", "config", "sealed", "xml"]

CORP = "ww1436e0e65a779aee"
AGENT = 1000002
USER = "LiWeiguo"
WHO = Sender("wecom", CORP, "liweiguo")
TICKET = 601001
TEXT = (
    "新任务 0017\n事情：楼道灯不亮\n地点：学府花园3幢2单元\n报事人：王姓居民（尾号8888）\n"
    "请今天11:00前接单，6月4日9:00前办好。"
)
OUT = Outgoing(
    id=7, person=1, sender=WHO, text=TEXT, kind="task",
    choices=(Choice("接单", "接单 0017"), Choice("退单", "退单 0017"), Choice("求助", "上报 0017")), rank=Rank.TASK,
    ticket=TICKET, media=(), attempts=1, created=START, window_until=None, window_left=0,
    link="https://jushe.example.cn/m/w/abc",
)  # fmt: skip


def config(**more: object) -> WeComConfig:
    values: dict[str, object] = {
        "corp_id": CORP, "agent_id": AGENT, "secret": "s" * 32, "token": TOKEN, "aes_key": AES_KEY,
        "aes_key_previous": OLD_KEY, "public_url": "https://jushe.example.cn",
    }  # fmt: skip
    return WeComConfig(**(values | more))  # type: ignore[arg-type]


def xml(kind: str, fields: str, *, user: str = USER, created: int = 1780275600, agent: str = str(AGENT)) -> bytes:
    agent_id = f"<AgentID>{agent}</AgentID>" if agent else ""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{fields}{agent_id}</xml>"
    ).encode()


def text(content: str, number: str = "1", **more: object) -> bytes:
    return xml("text", f"<Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId>", **more)  # type: ignore[arg-type]


def click(key: str, *, task: str = f"t{TICKET}-7", code: str = "CODE-1", **more: object) -> bytes:
    return xml(
        "event",
        f"<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[{key}]]></EventKey>"
        f"<TaskId><![CDATA[{task}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>"
        f"<ResponseCode><![CDATA[{code}]]></ResponseCode>",
        **more,  # type: ignore[arg-type]
    )


def sealed(
    now: datetime, message: bytes, *, nonce: str = "1372623149", key: str = AES_KEY, corp: str = CORP, late: float = 0
) -> tuple[dict[str, str], bytes]:
    """Query and body as WeCom sends them."""
    encrypt = Envelope(corp, key).seal(message)
    stamp = str(int((now - timedelta(seconds=late)).timestamp()))
    query = {"msg_signature": sign(TOKEN, stamp, nonce, encrypt), "timestamp": stamp, "nonce": nonce}
    body = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><AgentID><![CDATA[{AGENT}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    )
    return query, body.encode()
