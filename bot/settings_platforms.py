"""The settings of the chat platforms: accounts, keys, hosts; checked with all others in settings.py."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode

WECHAT_API = "https://api.weixin.qq.com"
WECOM_API = "https://qyapi.weixin.qq.com"
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


class Platforms(BaseSettings):
    """Official Account (wechat_*) and WeCom application (wecom_*); an empty id switches a platform off."""

    wechat_app_id: str = ""
    wechat_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_aes_key_previous: SecretStr = SecretStr("")
    wechat_mode: Literal["", "plain", "compat", "safe"] = ""
    wechat_api_base: str = WECHAT_API
    wechat_templates: Annotated[dict[str, str], NoDecode] = Field(default_factory=dict)

    wecom_corp_id: str = ""
    wecom_agent_id: int = Field(0, ge=0)
    wecom_secret: SecretStr = SecretStr("")
    wecom_token: SecretStr = SecretStr("")
    wecom_aes_key: SecretStr = SecretStr("")
    wecom_aes_key_previous: SecretStr = SecretStr("")
    wecom_api_base: str = WECOM_API
    wecom_accounts: int = Field(50, ge=1)  # accounts the corporation's daily limit is counted by

    @property
    def mode(self) -> Literal["plain", "compat", "safe"]:
        """How the platform's callbacks are written: safe as soon as there is a key (wechat.md §3)."""
        return self.wechat_mode or ("safe" if self.wechat_aes_key.get_secret_value() else "plain")

    @field_validator("wechat_app_id")
    @classmethod
    def _app_id(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{6,64}", value):
            raise ValueError("应是公众平台上的 AppID，形如 wx 开头的 18 位字符")
        return value

    @field_validator("wechat_secret", "wechat_token")
    @classmethod
    def _with_app(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if info.data.get("wechat_app_id") and not secret:
            raise ValueError("设了 JUSHE_WECHAT_APP_ID，就必须设它")
        if not info.data.get("wechat_app_id", "-") and secret:
            raise ValueError("设了它，就必须设 JUSHE_WECHAT_APP_ID")
        if info.field_name == "wechat_token" and secret and not re.fullmatch(r"[A-Za-z0-9]{16,32}", secret):
            raise ValueError("应是 16–32 位字母或数字（太短的令牌可被猜出）")
        return value

    @field_validator("wechat_aes_key", "wechat_aes_key_previous", "wecom_aes_key_previous")
    @classmethod
    def _aes(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _AES_KEY.fullmatch(value.get_secret_value()):
            raise ValueError("应是公众平台上的 43 位 EncodingAESKey")
        return value

    @field_validator("wechat_mode")
    @classmethod
    def _mode(cls, value: str, info: ValidationInfo) -> str:
        if value in {"safe", "compat"} and "wechat_aes_key" in info.data:
            key: SecretStr = info.data["wechat_aes_key"]
            if not key.get_secret_value():
                raise ValueError("安全模式与兼容模式需要 JUSHE_WECHAT_AES_KEY")
        return value

    @field_validator("wechat_templates", mode="before")
    @classmethod
    def _templates(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{"):
            return json.loads(value)
        pairs = [pair.partition("=") for pair in value.split(",") if pair.strip()]
        if any(not kind.strip() or not template.strip() for kind, _, template in pairs):
            raise ValueError("应写成 种类=模板号，用逗号隔开，如 task=abc,progress=def")
        return {kind.strip(): template.strip() for kind, _, template in pairs}

    @field_validator("wecom_corp_id")
    @classmethod
    def _corp_id(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{6,64}", value):
            raise ValueError("应是企业微信后台“我的企业”里的企业ID，形如 ww 开头的 18 位字符")
        return value

    @field_validator("wecom_agent_id")
    @classmethod
    def _agent(cls, value: int, info: ValidationInfo) -> int:
        if info.data.get("wecom_corp_id") and not value:
            raise ValueError("设了 JUSHE_WECOM_CORP_ID，就必须设它：自建应用页面上的 AgentId")
        return value

    @field_validator("wecom_secret", "wecom_token", "wecom_aes_key")
    @classmethod
    def _with_corp(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if info.data.get("wecom_corp_id") and not secret:
            raise ValueError("设了 JUSHE_WECOM_CORP_ID，就必须设它")
        if not info.data.get("wecom_corp_id", "-") and secret:
            raise ValueError("设了它，就必须设 JUSHE_WECOM_CORP_ID")
        if info.field_name == "wecom_token" and secret and not re.fullmatch(r"[A-Za-z0-9]{16,32}", secret):
            raise ValueError("应是 16–32 位字母或数字（太短的令牌可被猜出）")
        if info.field_name == "wecom_aes_key" and secret and not _AES_KEY.fullmatch(secret):
            raise ValueError("应是企业微信后台的 43 位 EncodingAESKey")
        return value
