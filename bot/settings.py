"""The settings: read once, checked once, every error named at once; secrets are never printed."""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, SecretStr, ValidationError, field_validator, with_config
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings_platforms import Platforms
from bot.settings_words import explain, misspelt, out_of_range, unreadable
from handlers.policy import Policy

PREFIX = "JUSHE_"
_POLICY = {field.name for field in fields(Policy)}
with_config(ConfigDict(extra="forbid"))(Policy)  # a number that does not exist is an error among the others


class SettingsError(Exception):
    """The settings cannot be used. `lines`: every error, one a line, without secret values."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(Platforms):
    """Every setting with its default. In the environment JUSHE_<NAME>, in jushe.toml <name>.

    Numbers of conversation and escalation (handlers.policy.Policy) stand under [policy] in the file,
    JUSHE_POLICY__<NAME> in the environment.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=True
    )

    data_dir: Path = Path("jushe-data")
    database_url: SecretStr = SecretStr("")  # "": SQLite under the data directory
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)  # 0: any free one
    public_url: str = ""  # "": http://host:port
    secret_key_previous: SecretStr = SecretStr("")  # keys before it, separated by commas, until jushe rekey is done
    secret_key: SecretStr = SecretStr("")  # "": made at the first start and kept in the data directory

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    access_log: bool = False
    turn_log: bool = False  # a line a message and a line a push, under one name
    metrics_token: SecretStr = SecretStr("")  # "": /metrics answers this machine only

    duty: Annotated[tuple[str, ...], NoDecode] = ()  # log-ins of the staff who are told of alarms
    alarm_webhook: SecretStr = SecretStr("")  # an address of a WeCom group robot or the like

    webchat: bool = False  # the built-in web chat, always on in the demo

    send_per_second: float = Field(50.0, gt=0)  # pushes of one account
    send_per_person_minute: float = Field(60.0, gt=0)
    send_at_once: int = Field(32, ge=1, le=1000)  # pushes under way together
    outbox_stale_hours: int = Field(72, ge=1)  # a push older than this is dropped
    turn_threads: int = Field(2, ge=1, le=64)  # database threads on PostgreSQL
    connections: int = Field(2000, ge=10)  # open at once; more are refused
    reply_seconds: float = Field(4.5, gt=0, le=4.8)  # the platform waits 5 s

    policy: Policy = Field(default_factory=Policy)

    @property
    def database(self) -> str:
        """The database's URL; it may hold a password, so it is never logged."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.data_dir / 'jushe.db').absolute()}"

    @property
    def address(self) -> str:
        """Where people reach the service, without a slash at the end."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - compared, not bound
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def https(self) -> bool:
        return self.address.startswith("https://")

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value()
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("应以 sqlite:/// 或 postgresql+psycopg:// 开头")
        try:
            make_url(url or "sqlite://")
        except (ArgumentError, ValueError):
            raise ValueError("这个地址读不懂：密码里的 @ : / # 等要写成 %40 %3A %2F %23") from None
        return value

    @field_validator("public_url", "wechat_api_base", "wecom_api_base")
    @classmethod
    def _url(cls, value: str) -> str:
        value = value.rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("应是完整网址，如 https://jushe.example.cn")
        return value

    @field_validator("duty", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    @field_validator("alarm_webhook")
    @classmethod
    def _address(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("应是完整网址，如 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("至少 32 个字符")
        return value

    @field_validator("secret_key_previous")
    @classmethod
    def _each_long_enough(cls, value: SecretStr) -> SecretStr:
        if any(0 < len(part.strip()) < 32 for part in value.get_secret_value().split(",")):
            raise ValueError("每个至少 32 个字符，用逗号隔开")
        return value

    @field_validator("policy", mode="before")
    @classmethod
    def _policy(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: _table(item) for name, item in value.items()}

    @field_validator("policy")
    @classmethod
    def _in_range(cls, value: Policy) -> Policy:
        if wrong := out_of_range(value):
            raise ValueError("；".join(wrong))
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        path = Path(os.environ.get(f"{PREFIX}CONFIG") or "jushe.toml")
        return init_settings, env_settings, _File(settings_cls, path)


class _File(TomlConfigSettingsSource):
    """jushe.toml, also as Windows saves it: with a mark before the first letter."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        try:
            return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            raise SettingsError([f"{file_path}：{unreadable(error)}"]) from None


def _table(item: object) -> object:
    """A table by ticket class may be written {T0 = 2, "*" = 60}; from the environment as JSON."""
    if isinstance(item, str) and item.lstrip().startswith(("[", "{")):
        item = json.loads(item)
    return tuple(item.items()) if isinstance(item, dict) else item


def load(**overrides: Any) -> Settings:
    """The settings of the environment and jushe.toml, `overrides` above both.

    Raises SettingsError with every error at once.
    """
    lines = misspelt(os.environ, PREFIX, set(Settings.model_fields) | {"config"})
    config = os.environ.get(f"{PREFIX}CONFIG")
    if config and not Path(config).is_file():
        lines.append(f"JUSHE_CONFIG：没有这个文件：{config}")
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(lines + explain(error, set(Settings.model_fields), _POLICY)) from None
    except SettingsError as error:
        raise SettingsError([*lines, *error.lines]) from None
    except (ValueError, OSError) as error:  # the file cannot be read
        raise SettingsError([*lines, f"配置文件读不出来：{error}"]) from None
    if lines:
        raise SettingsError(lines)
    return settings


def previous_keys(settings: Settings) -> tuple[str, ...]:
    """The keys before the present one, which still open what they sealed."""
    return tuple(key for part in settings.secret_key_previous.get_secret_value().split(",") if (key := part.strip()))


def secret_key(settings: Settings) -> str:
    """The key all others are derived from; made and kept (mode 0600) at the first start when not set."""
    if given := settings.secret_key.get_secret_value():
        return given
    path = settings.data_dir / "secret.key"
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")  # linked when whole: another process never reads half a key
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 32:
        raise SettingsError([f"{path}：密钥文件不完整。请从备份恢复；没有它，已存的个人信息无法读出。"])
    return key
