"""The service of the sample community beside WeCom's API of our own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot import app as parts
from bot.app import open_storage
from bot.server import listen
from bot.settings import load
from storage import sample
from tests.bot.wecom.kit import NOON, Service
from tests.channels.kit import AES_KEY, TOKEN
from tests.channels.wecom.fake_wecom import FakeWeCom
from tests.channels.wecom.kit import AGENT, CORP


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.chdir(tmp_path)
    begun = time.monotonic()
    async with FakeWeCom() as api:
        settings = load(
            data_dir=tmp_path / "data", wecom_corp_id=CORP, wecom_agent_id=AGENT, wecom_secret="s" * 32,
            wecom_token=TOKEN, wecom_aes_key=AES_KEY, wecom_api_base=api.url, webchat=True,
        )  # fmt: skip
        db = open_storage(settings)
        db.migrate()
        sample.seed(db, now=NOON)
        db.close()
        app = await parts.start(
            settings, clock=lambda: NOON + timedelta(seconds=time.monotonic() - begun), ticking=False
        )  # fmt: skip
        runner, port = await listen(app, "127.0.0.1", 0)
        async with ClientSession(f"http://127.0.0.1:{port}") as browser:
            yield Service(app, api, browser)
        await runner.cleanup()
        await app.stop()
