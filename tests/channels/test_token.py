"""The one token of an account: fetched once for all, renewed in time, never in a loop, never logged."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import pytest

from bot.channels.tencent.token import Token
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.errors import CODES
from tests.channels.fake_wechat import CUSTOM, TOKEN, FakeWeChat, Reset
from tests.channels.kit import OPENID, Clock, config
from tests.channels.pushes import code_of
from tests.channels.shelf import MemoryShelf


async def test_ten_sends_at_once_fetch_one_token(client: WeChatClient, api: FakeWeChat) -> None:
    await asyncio.gather(*(client.send_text(OPENID, str(number)) for number in range(10)))
    assert len(api.to(TOKEN)) == 1 and len(api.sent) == 10


async def test_processes_share_one_token(api: FakeWeChat, shelf: MemoryShelf, clock: Clock) -> None:
    several = [WeChatClient(config(api_base=api.url), shelf, clock) for _ in range(4)]
    await asyncio.gather(*(one.send_text(OPENID, "x") for one in several for _ in range(3)))
    assert len(api.to(TOKEN)) == 1 and len(api.sent) == 12
    api.expire_token()
    await asyncio.gather(*(one.send_text(OPENID, "x") for one in several for _ in range(3)))
    assert len(api.to(TOKEN)) == 2 and len(api.sent) == 24
    for one in several:
        await one.close()


async def test_token_is_renewed_before_its_end(client: WeChatClient, api: FakeWeChat, clock: Clock) -> None:
    await client.send_text(OPENID, "x")
    clock.forward(6800)
    await client.send_text(OPENID, "x")
    assert len(api.to(TOKEN)) == 1
    clock.forward(101)  # 7200 s less the margin of 300 s
    await client.send_text(OPENID, "x")
    assert len(api.to(TOKEN)) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    client: WeChatClient, api: FakeWeChat, code: int
) -> None:
    await client.send_text(OPENID, "before")
    api.expire_token()
    api.script(CUSTOM, code)
    await client.send_text(OPENID, "after")
    assert api.sent == [(OPENID, "before"), (OPENID, "after")]
    assert len(api.to(TOKEN)) == 2 and len(api.to(CUSTOM)) == 3


async def test_a_platform_that_hands_out_the_refused_token_is_forced_once(
    client: WeChatClient, api: FakeWeChat
) -> None:
    await client.send_text(OPENID, "before")
    api.expire_token(stuck=True)
    await client.send_text(OPENID, "after")
    assert [call.body["force_refresh"] for call in api.to(TOKEN)] == [False, False, True]


async def test_a_token_refused_for_ever_is_no_loop(
    client: WeChatClient, api: FakeWeChat, caplog: pytest.LogCaptureFixture
) -> None:
    api.script(CUSTOM, *[40001] * 500)
    for _ in range(20):
        assert await code_of(client.send_text(OPENID, "x")) == 40001
    assert len(api.to(TOKEN)) == 4 and len(api.to(CUSTOM)) == 3
    assert any(line.levelno == logging.ERROR for line in caplog.records)


async def test_a_wrong_secret_asks_for_one_token_not_for_one_a_send(
    client: WeChatClient, api: FakeWeChat, clock: Clock, shelf: MemoryShelf
) -> None:
    api.secret = "another"
    for _ in range(20):
        assert await code_of(client.send_text(OPENID, "x")) == 40125
    assert len(api.to(TOKEN)) == 1 and not api.to(CUSTOM)
    clock.forward(20)  # the operator has mended it
    api.secret = "s" * 32
    await client.send_text(OPENID, "x")
    assert len(api.sent) == 1


async def test_a_holder_that_dies_does_not_hold_for_ever(shelf: MemoryShelf, clock: Clock) -> None:
    assert shelf.try_lock("dead", clock(), 15)

    async def fetch(force: bool) -> tuple[str, float]:
        return "T", 7200.0

    waiting = asyncio.create_task(Token(shelf, fetch, clock, CODES).get())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    clock.forward(16)
    assert await waiting == "T"


async def test_no_secret_token_or_openid_in_the_log(
    client: WeChatClient, api: FakeWeChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.script(CUSTOM, {"errcode": 40003, "errmsg": f"invalid openid [{OPENID}] TOKEN-1 rid: 1-2"}, Reset(), 45047)
    for _ in range(3):
        await code_of(client.send_text(OPENID, "私密的话"))
    assert "code=40003 rid=1-2" in caplog.text
    for secret in (OPENID, "TOKEN-1", "s" * 32, "私密的话"):
        assert secret not in caplog.text


def test_shelf_of_the_tests_keeps_the_contract() -> None:
    shelf, now = MemoryShelf(), datetime.fromisoformat("2026-06-01T09:00:00+08:00")
    shelf.store("T", now + timedelta(seconds=10))
    assert shelf.read(now) == "T" and shelf.read(now + timedelta(seconds=10)) is None
    shelf.drop("other")
    assert shelf.read(now) == "T"
    shelf.drop("T")
    assert shelf.read(now) is None
