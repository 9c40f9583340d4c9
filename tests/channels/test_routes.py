"""The callback over real HTTP: what goes in, what comes back, what is said about it in the log."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from xml.etree import ElementTree

import aiohttp
import pytest
from aiohttp import web
from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat.channel import WeChat
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.routes import PATH, door
from bot.wire import Wires
from handlers.types import Choice, Inbound, Reply, Sender
from tests.channels.fake_wechat import FakeWeChat
from tests.channels.kit import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    FIXTURES,
    OPENID,
    START,
    TOKEN,
    Clock,
    config,
    sealed,
    signed,
    text_xml,
)  # fmt: skip
from tests.channels.shelf import MemoryShelf


class Gateway:
    """Answers what the test says; remembers what came."""

    def __init__(self) -> None:
        self.came: list[Inbound] = []
        self.answer: Callable[[Inbound], tuple[Reply, ...] | None] = lambda inbound: (Reply(f"收到：{inbound.text}"),)

    def take(self, inbound: Inbound, told: Callable[[tuple[Reply, ...] | None], None]) -> None:
        self.came.append(inbound)
        told(self.answer(inbound))


class Site:
    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self._session = session

    async def post(self, query: dict[str, str], body: bytes, **headers: str) -> tuple[int, str]:
        async with self._session.post(self.base + "/wechat", params=query, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def get(self, query: dict[str, str], method: str = "GET") -> tuple[int, str]:
        async with self._session.request(method, self.base + "/wechat", params=query) as answer:
            return answer.status, await answer.text()


Start = Callable[[str], Awaitable[Site]]


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


async def _spend(_: Sender) -> bool:
    return True


@pytest.fixture(params=["wire", "aiohttp"])
async def start(gateway: Gateway, api: FakeWeChat, request: pytest.FixtureRequest) -> AsyncIterator[Start]:
    """Serves the callback in a mode, as the program does: nothing is unpacked, no access log."""
    opened: list[Callable[[], Awaitable[object]]] = []

    async def begin(mode: str) -> Site:
        account, clock = config(mode, api_base=api.url), Clock()
        channel = WeChat(account, WeChatClient(account, MemoryShelf(), clock), _spend, clock)
        app, entrance = web.Application(), door(channel, gateway)
        app.add_routes(entrance.routes(PATH))
        runner = web.AppRunner(app, auto_decompress=False, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        assert runner.server
        wires = Wires(runner.server, {PATH: entrance.take} if request.param == "wire" else {}, lambda: 0, 100)
        server = await asyncio.get_running_loop().create_server(wires, "127.0.0.1", 0)
        session = aiohttp.ClientSession()
        port = server.sockets[0].getsockname()[1]

        async def end() -> None:
            server.close()
            await wires.close(1)

        opened.extend((session.close, end, runner.cleanup, channel.close))
        return Site(f"http://127.0.0.1:{port}", session)

    yield begin
    for close in opened:
        await close()


async def test_verification(start: Start) -> None:
    site = await start("safe")
    assert await site.get(signed(START) | {"echostr": "5837397520665436492"}) == (200, "5837397520665436492")
    assert (await site.get(signed(START, token="another-token-16") | {"echostr": "1"}))[0] == 403
    assert (await site.get({}))[0] == 403


async def test_plain_reply(start: Start, gateway: Gateway) -> None:
    gateway.answer = lambda _: (Reply("已受理，编号 0601-001"), Reply("还要做什么？", (Choice("查进度"),), "/m/t/1"))
    status, body = await (await start("plain")).post(signed(START), text_xml())
    root = ElementTree.fromstring(body)
    assert status == 200
    assert {child.tag: child.text for child in root} == {
        "ToUserName": OPENID, "FromUserName": ACCOUNT, "CreateTime": str(int(START.timestamp())), "MsgType": "text",
        "Content": "已受理，编号 0601-001\n\n还要做什么？\n1 查进度\nhttps://jushe.example.cn/m/t/1",
    }  # fmt: skip


async def test_safe_reply_is_opened_by_wechatpy(start: Start) -> None:
    query, body = sealed(START, text_xml("灯坏了"))
    status, answer = await (await start("safe")).post(query, body)
    parts = {child.tag: child.text or "" for child in ElementTree.fromstring(answer)}
    assert status == 200 and set(parts) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    opened = crypto.decrypt_message(answer, parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"])
    assert ElementTree.fromstring(opened).findtext("Content") == "收到：灯坏了"


async def test_success_for_what_needs_no_answer(start: Start, gateway: Gateway) -> None:
    site = await start("safe")

    async def send(name: str, nonce: str) -> tuple[int, str]:
        return await site.post(*sealed(START, (FIXTURES / f"{name}.xml").read_bytes(), nonce=nonce))

    for number, name in enumerate(("event_view", "event_template", "event_tomorrow", "emotion")):
        assert await send(name, f"a{number}") == (200, "success")
    assert gateway.came == []
    assert await send("event_unsubscribe", "b") == (200, "success")
    assert [inbound.event for inbound in gateway.came] == ["unfollow"]
    gateway.answer = lambda _: ()
    assert await send("text", "c") == (200, "success")


async def test_late_is_success(start: Start, gateway: Gateway) -> None:
    gateway.answer = lambda _: None
    assert await (await start("safe")).post(*sealed(START, text_xml())) == (200, "success")


async def test_three_copies_at_once_get_the_same_answer(start: Start, gateway: Gateway) -> None:
    site = await start("plain")
    answers = await asyncio.gather(*(site.post(signed(START), text_xml()) for _ in range(3)))
    assert len({body for _, body in answers}) == 1
    assert len({(inbound.sender, inbound.key) for inbound in gateway.came}) == 1


async def test_a_long_reply_is_answered_in_part(start: Start, gateway: Gateway) -> None:
    """Its rest is in the outbox by then: tests/storage/turns/test_once.py."""
    gateway.answer = lambda _: (Reply("好" * 1500),)
    site = await start("plain")
    status, body = await site.post(signed(START), text_xml())
    assert (status, ElementTree.fromstring(body).findtext("Content")) == (200, "好" * 682)


XML = text_xml()
HOSTILE: dict[str, tuple[dict[str, str], bytes, dict[str, str], int]] = {
    "unsigned": ({}, XML, {}, 403),
    "too large": (signed(START), b"<xml>" + b" " * 70_000, {}, 413),
    "json": (signed(START), b'{"MsgType":"text"}', {"Content-Type": "application/json"}, 400),
    "nothing": (signed(START), b"", {}, 400),
    "doctype": (signed(START), b'<!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>', {}, 400),
    "packed": (signed(START), gzip.compress(b"<xml>" + b" " * 60_000), {"Content-Encoding": "gzip"}, 400),
    "zeros": (signed(START), bytes(1000), {}, 400),
    "form": (signed(START), b"a=1", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
    "parts": (signed(START), b"--x", {"Content-Type": "multipart/form-data"}, 400),
    "sealed in plain mode": (*sealed(START, XML), {}, 403),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_requests_are_one_clean_refusal(start: Start, gateway: Gateway, name: str) -> None:
    query, body, headers, status = HOSTILE[name]
    assert await (await start("plain")).post(query, body, **headers) == (status, "refused")
    assert gateway.came == []


async def test_a_large_chunked_body_is_not_read_to_its_end(start: Start) -> None:
    site, given = await start("plain"), 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(1000):
            given += 1
            yield bytes(64 * 1024)
            await asyncio.sleep(0)

    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(site.base + "/wechat", params=signed(START), data=chunks()) as answer:
                assert answer.status == 413
        except aiohttp.ClientOSError:
            pass  # the connection was closed while we were still sending
    assert given < 900


async def test_a_body_that_never_ends_is_refused(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.tencent.door._BODY_SECONDS", 0.1)
    site = await start("plain")
    host, port = site.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<xml>")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods(start: Start, method: str) -> None:
    assert (await (await start("plain")).get(signed(START), method))[0] == 405


async def test_refusals_are_one_line_without_anything_of_the_request(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site = await start("plain")
    query = signed(START) | {"signature": "f" * 40}
    for _ in range(12):
        assert (await site.post(query, text_xml("私密的话")))[0] == 403
    lines = [record.getMessage() for record in caplog.records if record.name == "jushe.wechat"]
    assert lines == ["wechat callback refused reason=signature more=0"]
    for secret in (OPENID, query["nonce"], query["signature"], "私密的话", TOKEN):
        assert secret not in caplog.text
