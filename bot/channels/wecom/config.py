"""The settings of one WeCom application, checked once; nothing of where they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.channels.tencent.account import AES_KEY, TOKEN_SHORTEST, ConfigError

API = "https://qyapi.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class WeComConfig:
    """One application. `accounts`: how many accounts the corporation's limit is counted by (wechat.md §11).

    Raises ConfigError when the application could not be served safely with these values.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    aes_key_previous: str = field(default="", repr=False)
    api_base: str = API
    accounts: int = 50
    public_url: str = ""

    def __post_init__(self) -> None:
        wrong = []
        if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", self.corp_id):
            wrong.append("wecom corp id: letters and digits expected")
        if self.agent_id <= 0:
            wrong.append("wecom agent id: the number of the application is expected")
        if len(self.token) < TOKEN_SHORTEST:
            wrong.append(f"wecom token: at least {TOKEN_SHORTEST} characters are needed")
        if not AES_KEY.match(self.aes_key):
            wrong.append("wecom aes key: 43 letters and digits are needed")
        if self.aes_key_previous and not AES_KEY.match(self.aes_key_previous):
            wrong.append("wecom previous aes key: 43 letters and digits, or empty")
        if not re.match(r"https?://[^/\s]+", self.api_base):
            wrong.append("wecom api base: an http or https address")
        if self.accounts < 1:
            wrong.append("wecom accounts: 1 or more")
        if wrong:
            raise ConfigError(tuple(wrong))
