"""The knowledge base's pages over HTTP: a question answered and kept in one step, the box that says what it says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from sqlalchemy import select

from bot.app import App
from handlers.knowledge import texts
from handlers.knowledge.facts import QuestionOpened
from handlers.types import Outcome
from storage.schema import faq, open_questions, outbox
from tests.bot.console_kit import HERE, clerk, demo, see, token_of

BASE = "/console/knowledge"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    async with demo(tmp_path_factory.mktemp("knowledge")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def desk(town: tuple[App, str]) -> AsyncIterator[ClientSession]:
    async with clerk(town[1]) as session:
        yield session


async def post(session: ClientSession, url: str, path: str, **form: str) -> tuple[int, str]:
    """(status, page) after following where it leads."""
    data = {"csrf": await token_of(session, url), **form}
    async with session.post(path, data=data, headers=HERE) as answer:
        return answer.status, await answer.text()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_residents_question_becomes_an_answer_for_all(desk: ClientSession, town: tuple[App, str]) -> None:
    app, url = town
    with app.db.reading() as conn:
        community = conn.execute(select(faq.c.community).where(faq.c.question == "社区食堂在哪里")).scalar_one()
    asked = QuestionOpened(5, 41, community, 77, "图书室周末<b>开不开")
    await asyncio.wrap_future(app.turns.run(lambda read: Outcome(facts=(asked,)), app.clock(), "test"))
    assert "有1个居民的问题等答复" in await see(desk, BASE)
    waiting = await see(desk, f"{BASE}/waiting")
    assert "图书室周末&lt;b&gt;开不开" in waiting
    address = f"{BASE}/questions/41"
    status, page = await post(desk, url, address, answer="周六上午开", keep="1", question="", variants="周末能借书吗")
    assert status == 422 and "请写问题" in page and "周末能借书吗" in page  # nothing typed is lost
    status, page = await post(
        desk, url, address, answer="周六上午开", keep="1", question="图书室周末开不开", variants="周末能借书吗"
    )
    assert status == 200 and "已回复居民" in page and texts.KEPT in page
    with app.db.reading() as conn:
        assert "周六上午开" in conn.execute(select(outbox.c.body).where(outbox.c.person == 77)).scalar_one()
        kept = conn.execute(select(faq).where(faq.c.question == "图书室周末开不开")).one()
        assert conn.execute(select(open_questions.c.reply)).scalar_one() == "周六上午开"
    assert (kept.answer, kept.variants, kept.community) == ("周六上午开", ["周末能借书吗"], community)
    tried = await see(desk, f"{BASE}/try?words=周末能借书吗")
    assert "会直接这样答" in tried and "周六上午开" in tried and "像100%" in tried
    assert (await post(desk, url, address, answer="再答一次"))[1].count("已经答复过了") == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_written_changed_by_two_and_taken_away(desk: ClientSession, town: tuple[App, str]) -> None:
    _, url = town
    status, page = await post(desk, url, f"{BASE}/new", question="快递柜在哪", answer="南门", until="2020-01-01")
    assert status == 200 and texts.SAVED in page
    over = await see(desk, f"{BASE}?state=over")
    found = re.search(rf'href="({BASE}/\d+)">快递柜在哪', over)
    assert found is not None and "已过期" in over
    address = found[1]
    form = {"question": "快递柜在哪", "answer": "北门", "until": "", "revision": "1"}
    assert (await post(desk, url, address, **form))[0] == 200
    status, page = await post(desk, url, address, **(form | {"answer": "东门"}))
    assert status == 422 and texts.CHANGED in page and "东门" in page and 'name="revision" value="2"' in page
    assert (await post(desk, url, address, **(form | {"since": "2026-02-01", "until": "2026-01-01"})))[0] == 422
    status, page = await post(desk, url, f"{address}/retire")
    assert texts.RETIRED in page and "恢复使用" in page and "南门" in page  # its history
    assert "不知道，会转给社区的人" in await see(desk, f"{BASE}/try?words=快递柜在哪")
    assert texts.RESTORED in (await post(desk, url, f"{address}/retire", back="1"))[1]


@pytest.mark.asyncio(loop_scope="module")
async def test_what_holds_everywhere_is_read_only_and_strange_addresses(
    desk: ClientSession, town: tuple[App, str]
) -> None:
    _, url = town
    listed = await see(desk, f"{BASE}?q=居住证")
    found = re.search(rf'href="({BASE}/\d+)">居住证怎么办理', listed)
    assert found is not None
    assert "各社区通用的" in await see(desk, found[1])
    form = {"question": "居住证怎么办理", "answer": "不用办", "revision": "1", "community": "0"}
    assert texts.NOT_HERE in (await post(desk, url, found[1], **form))[1]
    assert "没有一条沾边的" in await see(desk, f"{BASE}/try?words=zzzz")
    for path in ("/1", "/questions/999", "/999999999999999999"):
        await see(desk, BASE + path, 404)
    assert "没有这样的问答" in await see(desk, f"{BASE}?q=%25&skip=x&state=none")
