"""Whether a callback is WeCom's: size, prolog, signature over the envelope, freshness; not what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.channels.tencent.door import Accepted
from bot.channels.tencent.envelope import Envelope, Hostile, Key, same, sign
from bot.channels.tencent.query import BODY_MOST, enveloped, formed, fresh, once
from bot.channels.tencent.xmlbody import parse, sealed_text
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.read import read

_SHOWN = ("msg_signature", "timestamp", "nonce", "echostr")
_ECHO = re.compile(r"[!-~]{1,1024}")


class Front:
    """The door of one application. `now` gives aware time. Every method raises only Hostile.

    No memory of signatures is needed: each covers its envelope whole, so a repeat is a copy, and copies are the
    inbox's business.
    """

    def __init__(self, config: WeComConfig, now: Callable[[], datetime]) -> None:
        self._config = config
        self._now = now
        self._envelope = Envelope(config.corp_id, config.aes_key, config.aes_key_previous)

    def verify(self, query: Iterable[tuple[str, str]]) -> str:
        """The plain text of echostr: no quotes, no newline (wechat.md §1)."""
        values = once(query, _SHOWN)
        opened = self._open(values, values["echostr"])
        try:
            echo = opened[0].decode("ascii")
        except UnicodeDecodeError as error:
            raise Hostile(400, "echostr") from error
        if not _ECHO.fullmatch(echo):
            raise Hostile(400, "echostr")
        return echo

    def accept(self, query: Iterable[tuple[str, str]], body: bytes) -> Accepted:
        """The message of a POST. `body` is what arrived, at most BODY_MOST bytes."""
        if len(body) > BODY_MOST:
            raise Hostile(413, "body_size")
        values = once(query, _SHOWN)
        message, key = self._open(values, sealed_text(body, BODY_MOST))
        return Accepted(read(parse(message), self._config.corp_id, self._config.agent_id), values["nonce"], key)

    def seal(self, xml: str, nonce: str, key: Key) -> str:
        """A reply as the envelope WeCom expects, sealed with the key that opened the message."""
        sealed = self._envelope.seal(xml.encode(), key)
        return enveloped(sealed, self._config.token, nonce, self._now().timestamp())

    def _open(self, values: dict[str, str], sealed: str) -> tuple[bytes, Key]:
        stamp, nonce = values["timestamp"], values["nonce"]
        formed(stamp, nonce)
        if not same(values["msg_signature"], sign(self._config.token, stamp, nonce, sealed)):
            raise Hostile(403, "msg_signature")
        fresh(stamp, self._now().timestamp())
        opened = self._envelope.open(sealed)
        return opened.message, opened.key
