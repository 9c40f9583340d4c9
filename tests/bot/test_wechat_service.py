"""The service with a WeChat account, against a platform of our own: in by callback, out by the API."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import app as parts
from bot.app import open_storage
from bot.channels.tencent.envelope import Envelope
from bot.server import listen
from bot.settings import load
from handlers.types import Inbound, Sender
from storage import sample
from tests.channels.fake_wechat import FakeWeChat
from tests.channels.kit import AES_KEY, APP_ID, OPENID, TOKEN, sealed, text_xml

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


async def test_a_report_comes_in_and_its_progress_goes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    begun = time.monotonic()

    def clock() -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - begun)

    async with FakeWeChat() as platform:
        settings = load(
            data_dir=tmp_path / "data", wechat_app_id=APP_ID, wechat_secret="s" * 32, wechat_token=TOKEN,
            wechat_aes_key=AES_KEY, wechat_api_base=platform.url,
        )  # fmt: skip
        db = open_storage(settings)
        db.migrate()
        sample.seed(db, now=NOON)
        db.close()
        app = await parts.start(settings, clock=clock)
        runner, port = await listen(app, "127.0.0.1", 0)
        async with ClientSession(f"http://127.0.0.1:{port}") as browser:

            async def write(text: str, number: int) -> str:
                created = int(clock().timestamp())
                query, body = sealed(clock(), text_xml(text, str(number), created), nonce=f"n{number}")
                async with browser.post("/wechat", params=query, data=body) as answer:
                    assert answer.status == 200
                    envelope = (await answer.text()).split("<![CDATA[")[1].split("]]>")[0]
                return Envelope(APP_ID, AES_KEY).open(envelope).message.decode()

            assert "楼道灯" in await write("学府花园3幢2单元楼道灯坏了", 1)
            assert "已受理" in await write("对", 2)
            leader = Sender("webchat", "-", "leader")
            await app.gateway.receive(Inbound(leader, "k1", clock(), text="接单"))
            await platform.until_sent(1)
            [(user, words)] = platform.sent
            assert user == OPENID
            assert "已接单" in words
            query, body = sealed(clock(), text_xml("你好", "3", int(clock().timestamp())), nonce="forged")
            async with browser.post("/wechat", params=query | {"msg_signature": "0" * 40}, data=body) as answer:
                assert answer.status == 403
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n<xml>")
            start = time.monotonic()
            answered = await asyncio.wait_for(reader.read(100), 10)
            assert answered.startswith(b"HTTP/1.1 4")
            assert time.monotonic() - start < 6  # a half body does not hold its connection
            writer.close()
        await runner.cleanup()
        await app.stop()
