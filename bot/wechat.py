"""Connects the WeChat account of the settings to an App; how the platform talks is the channel's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.connect import connect as connected
from bot.channels.wechat.routes import PATH, door
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App


def config(settings: Settings) -> WeChatConfig:
    """Raises bot.channels.wechat.config.ConfigError."""
    return WeChatConfig(
        app_id=settings.wechat_app_id,
        secret=settings.wechat_secret.get_secret_value(),
        token=settings.wechat_token.get_secret_value(),
        aes_key=settings.wechat_aes_key.get_secret_value(),
        aes_key_previous=settings.wechat_aes_key_previous.get_secret_value(),
        mode=settings.mode,
        api_base=settings.wechat_api_base,
        templates=settings.wechat_templates,
        public_url=settings.address,
    )


def connect(app: App) -> None:
    """The callback's routes, the way of pushes, the source of photos."""
    channel = connected(config(app.settings), app.db, app.clock, app.policy.announcement_window_kept)
    app.channels[channel.name] = channel
    app.media_sources[channel.name] = channel
    app.on_stop.append(channel.close)
    app.cuts[channel.name] = channel.cut
    entrance = door(channel, app.gateway)
    app.web.add_routes(entrance.routes(PATH))
    app.posts[PATH] = entrance.take
