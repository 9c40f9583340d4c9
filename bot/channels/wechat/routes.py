"""The callback of an Official Account: where it is and who stands at its door."""

from __future__ import annotations

from bot.channels.tencent.door import Door, Takes
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.front import Front

PATH = "/wechat"


def door(channel: WeChat, gateway: Takes) -> Door:
    """The callback (wechat.md §1–4)."""
    return Door("wechat", Front(channel.config, channel.now), gateway, channel.now, channel.config.public_url)
