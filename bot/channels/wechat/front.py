"""Whether a callback is the platform's: size, prolog, signature, freshness, envelope; not what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from bot.channels.tencent.door import Accepted
from bot.channels.tencent.envelope import Envelope, Hostile, Key, same, sign
from bot.channels.tencent.query import BODY_MOST, enveloped, formed, fresh, once
from bot.channels.tencent.xmlbody import sealed_text
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.read import opened
from bot.channels.wechat.replays import Replays

_ECHO = re.compile(r"[!-~]{1,1024}")
_SHOWN = ("signature", "timestamp", "nonce", "echostr", "encrypt_type", "msg_signature")


class Front:
    """The door of one account. `now` gives aware time. Every method raises only Hostile."""

    def __init__(self, config: WeChatConfig, now: Callable[[], datetime]) -> None:
        self._config = config
        self._now = now
        self._replays = Replays()
        self._envelope = Envelope(config.app_id, config.aes_key, config.aes_key_previous)

    def verify(self, query: Iterable[tuple[str, str]]) -> str:
        """The echostr to answer, byte for byte (wechat.md §1)."""
        values = once(query, _SHOWN)
        self._signed(values)
        echo = values["echostr"]
        if not _ECHO.fullmatch(echo):
            raise Hostile(400, "echostr")
        self._bind(values, b"echostr " + echo.encode())
        return echo

    def accept(self, query: Iterable[tuple[str, str]], body: bytes) -> Accepted:
        """The message of a POST. `body` is what arrived, at most BODY_MOST bytes."""
        if len(body) > BODY_MOST:
            raise Hostile(413, "body_size")
        values = once(query, _SHOWN)
        self._signed(values)
        if self._config.mode == "plain":
            if values["encrypt_type"] not in ("", "raw"):
                raise Hostile(403, "encrypt_type")
            # The platform's plain signature does not cover the body; tying the first body to it is all there is.
            # Parsed first: a body that is refused must not stand in the way of the right one.
            message = opened(body, self._config.app_id)
            self._bind(values, body)
            return Accepted(message, values["nonce"], None)
        return self._sealed(values, body)

    def seal(self, xml: str, nonce: str, key: Key) -> str:
        """A reply as the envelope the platform expects; the request's nonce is used again (wechat.md §3)."""
        sealed = self._envelope.seal(xml.encode(), key)
        return enveloped(sealed, self._config.token, nonce, self._now().timestamp())

    def _sealed(self, values: dict[str, str], body: bytes) -> Accepted:
        # Compatible mode also carries the fields in plain; they are not signed, so they are not read.
        if values["encrypt_type"] != "aes":
            raise Hostile(403, "encrypt_type")
        words = sealed_text(body, BODY_MOST)
        expected = sign(self._config.token, values["timestamp"], values["nonce"], words)
        if not same(values["msg_signature"], expected):
            raise Hostile(403, "msg_signature")
        sealed = self._envelope.open(words)
        message = opened(sealed.message, self._config.app_id)
        # Bound to the plain message: a copy may be sealed anew, with other random bytes.
        self._bind(values, sealed.message)
        return Accepted(message, values["nonce"], sealed.key if self._config.mode == "safe" else None)

    def _signed(self, values: dict[str, str]) -> None:
        stamp, nonce = values["timestamp"], values["nonce"]
        formed(stamp, nonce)
        if not same(values["signature"], sign(self._config.token, stamp, nonce)):
            raise Hostile(403, "signature")
        fresh(stamp, self._now().timestamp())

    def _bind(self, values: dict[str, str], body: bytes) -> None:
        if not self._replays.fits(values["signature"], body, self._now().timestamp()):
            raise Hostile(403, "nonce_reused")
