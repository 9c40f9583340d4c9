"""The callback of an Official Account: where it is and who stands at its door."""

from __future__ import annotations

from aiohttp import web

from bot.channels.tencent.door import Door, Receives
from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.front import Front

PATH = "/wechat"


def routes(channel: WeChat, gateway: Receives) -> list[web.RouteDef]:
    """GET and POST of the callback (wechat.md §1–4)."""
    front = Front(channel.config, channel.now)
    return Door("wechat", front, gateway, channel.say, channel.now, channel.config.public_url).routes(PATH)
