"""The settings of one Official Account, checked once; nothing of where they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.channels.tencent.account import AES_KEY, TOKEN_SHORTEST, ConfigError
from bot.channels.wechat.notices import parse_notices

Mode = Literal["plain", "compat", "safe"]
__all__ = ["TOKEN_SHORTEST", "ConfigError", "Mode", "WeChatConfig", "token_name"]


def token_name(app_id: str) -> str:
    """The row of the account's access token."""
    return f"wechat:{app_id}"


@dataclass(frozen=True, slots=True)
class WeChatConfig:
    """One account. `templates`: kind of push → "<template id>[ field=what …]" (see notices.py).

    Raises ConfigError when the account could not be served safely with these values.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    aes_key_previous: str = field(default="", repr=False)
    mode: Mode = "safe"
    api_base: str = "https://api.weixin.qq.com"
    templates: Mapping[str, str] = field(default_factory=dict)
    public_url: str = ""

    def __post_init__(self) -> None:
        wrong = []
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", self.app_id):
            wrong.append("wechat app id: letters and digits expected")
        if len(self.token) < TOKEN_SHORTEST:
            wrong.append(f"wechat token: at least {TOKEN_SHORTEST} characters are needed")
        if self.mode not in ("plain", "compat", "safe"):
            wrong.append("wechat mode: one of plain, compat, safe")
        if self.mode != "plain" and not AES_KEY.match(self.aes_key):
            wrong.append("wechat aes key: 43 letters and digits are needed in this mode")
        if self.aes_key_previous and not AES_KEY.match(self.aes_key_previous):
            wrong.append("wechat previous aes key: 43 letters and digits, or empty")
        if not re.match(r"https?://[^/\s]+", self.api_base):
            wrong.append("wechat api base: an http or https address")
        for kind, line in self.templates.items():
            try:
                parse_notices(line)
            except ValueError as error:
                wrong.append(f"wechat template of {kind}: {error}")
        if wrong:
            raise ConfigError(tuple(wrong))
