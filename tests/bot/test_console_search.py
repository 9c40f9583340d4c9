"""Looking for tickets in the console over real HTTP: what is found, by whom, and that words stay words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from handlers.types import Outcome
from storage import chain
from storage.sample_logins import LOGIN
from storage.schema import communities
from tests.bot.console_kit import browser, signed_in
from tests.demo import demo_in
from tests.storage.kit import HOME, indexed, opened

EVIL = "<script>alert(1)</script>水管漏了"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    folder: Path = tmp_path_factory.mktemp("search")
    app = await parts.start(load(data_dir=demo_in(folder)), demo=True, ticking=False)
    with app.db.reading() as conn:
        first, second = conn.execute(select(communities.c.id).order_by(communities.c.id).limit(2)).scalars()
    facts = (
        replace(opened(1), community=first, words=EVIL, summary=EVIL, place=HOME),
        replace(opened(2), community=second, words="水管又漏了", summary="水管又漏了", place=HOME),
    )
    await asyncio.wrap_future(app.turns.run(lambda read: Outcome(facts=facts), app.clock(), "test"))
    chain.seal(app.db)
    indexed(app.db)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_desk_finds_its_own_and_words_stay_words(town: tuple[App, str]) -> None:
    _, url = town
    async with browser() as session:
        await signed_in(session, url, LOGIN)

        async def looked(query: str) -> str:
            async with session.get(f"{url}/console/search", params={"q": query}) as answer:
                assert answer.status == 200
                return await answer.text()

        page = await looked("水管")
        assert "找到1件" in page and "水管又漏了" not in page, "another community's"
        assert "&lt;script&gt;" in page and "<script>alert" not in page
        assert "没有找到「&#34;&gt;&lt;img src=x&gt;」" in await looked('"><img src=x>')
        assert "至少写两个字" in await looked("水")
        async with session.get(f"{url}/console/search?q=202606010001", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/console/tickets/1")
        assert "没有找到" in await looked("202606010002")


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_looks_without_a_log_in(town: tuple[App, str]) -> None:
    _, url = town
    async with browser() as session, session.get(f"{url}/console/search?q=水管", allow_redirects=False) as answer:
        assert answer.status == 303 and answer.headers["Location"].startswith("/console/login")
