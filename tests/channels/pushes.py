"""A push to a resident, the window as the database counts it, and how a send fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.base import SendFailed
from bot.channels.tencent.errors import ApiError
from bot.channels.wechat.channel import WeChat
from handlers.types import Choice, Rank, Sender
from storage.queue import Outgoing
from tests.channels.kit import START, WHO

OUT = Outgoing(
    id=7, person=1, sender=WHO, text="新工单 0601-001：楼道灯不亮，3幢2单元", kind="task",
    choices=(Choice("接单"), Choice("退单")), rank=Rank.TASK, ticket=601001, media=(), attempts=1, created=START,
    window_until=START + timedelta(hours=48), window_left=5,
)  # fmt: skip
CLOSED = replace(OUT, window_until=START - timedelta(seconds=1))
TEMPLATES = {
    "task": "TPL1 thing2=text time3=time character_string1=ticket|notice:SUB1 thing1=text",
    "announce": "TPL2 thing1=text",
}


class Window:
    """The resident's window as the database counts it."""

    def __init__(self, left: int = 5) -> None:
        self.left = left

    async def __call__(self, wanted: tuple[Sender, int]) -> bool:
        sender, keep = wanted
        assert sender == WHO
        if self.left <= keep:
            return False
        self.left -= 1
        return True


async def failure_of(channel: WeChat, out: Outgoing = OUT) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send(out)
    return failed.value


async def code_of(call: object) -> int | str:
    with pytest.raises(ApiError) as failed:
        await call  # type: ignore[misc]
    return failed.value.code
