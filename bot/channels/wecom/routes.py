"""The callback of a WeCom application: where it is, who stands at its door, what a tapped card is answered."""

from __future__ import annotations

from bot.channels.tencent.door import SUCCESS, Accepted, Door, Takes
from bot.channels.wecom.channel import WeCom
from bot.channels.wecom.front import Front
from bot.channels.wecom.read import CardMessage
from bot.wire import Answer
from handlers.numerals import number_in
from handlers.types import Inbound, Reply

PATH = "/wecom"
_TAPS_MOST = 1000


def door(channel: WeCom, gateway: Takes) -> Door:
    """The callback (wechat.md §11)."""
    return _Door(channel, gateway)


class _Door(Door):
    def __init__(self, channel: WeCom, gateway: Takes) -> None:
        front = Front(channel.config, channel.now)
        super().__init__("wecom", front, gateway, channel.now, channel.config.public_url)
        self._channel = channel
        self._taps: dict[tuple[str, str], None] = {}

    def answer(self, accepted: Accepted, inbound: Inbound, replies: tuple[Reply, ...]) -> Answer:
        message = accepted.message
        if not isinstance(message, CardMessage):
            return super().answer(accepted, inbound, replies)
        if self._new(inbound.sender.user, message.click.code or inbound.key):
            ticket = number_in(inbound.event_key.partition(":")[0])
            self._channel.clicked(message, inbound.sender, ticket, replies)
        return SUCCESS

    def _new(self, user: str, code: str) -> bool:
        """The platform repeats a tap with the same code; another tap has another, and its card is changed too."""
        if (user, code) in self._taps:
            return False
        self._taps[user, code] = None
        if len(self._taps) > _TAPS_MOST:
            del self._taps[next(iter(self._taps))]
        return True
