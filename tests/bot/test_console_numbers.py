"""The pages of the numbers over HTTP: what they say, what is behind each, and what is taken away with a reason."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import orjson
import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar
from python_calamine import load_workbook
from sqlalchemy import select

from bot.app import App
from bot.console import charts, numbers_asked
from bot.figures import FiguresRefused
from handlers.tickets.clock import SHANGHAI
from storage.schema import facts
from tests.bot.console_kit import HERE, clerk, demo, see, signed_in, token_of
from tests.browser import months
from tests.storage.kit import NOW


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[App, str]]:
    """Two months of a community, read by every test of this file."""
    async with demo(tmp_path_factory.mktemp("numbers")) as running:
        await months.lived(running[0], 60)
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def desk(town: tuple[App, str]) -> AsyncIterator[ClientSession]:
    async with clerk(town[1]) as session:
        yield session


def quarter() -> str:
    """Every day the town has lived."""
    today = datetime.now(SHANGHAI).date()
    return f"from={today - timedelta(days=90)}&to={today}"


@pytest.mark.asyncio(loop_scope="module")
async def test_each_number_leads_to_exactly_its_tickets(desk: ClientSession) -> None:
    shown = await see(desk, f"/console/numbers?{quarter()}&step=month")
    links = re.findall(r'href="(/console/numbers/list\?[^"]+)"[^>]*>(?:[^<\d]*)(\d+)(?:件)?</a>', shown)
    assert len(links) > 20
    for address, count in links:
        listed = await see(desk, address.replace("&amp;", "&"))
        pages = len(re.findall(r'class="code"', listed))
        assert pages == min(int(count), 50), address
        if int(count) > 50:
            onward = re.search(r'href="(\?[^"]+)" rel="next"', listed)
            assert onward is not None
            rest = await see(desk, "/console/numbers/list" + onward[1].replace("&amp;", "&"))
            assert len(re.findall(r'class="code"', rest)) == int(count) - 50


@pytest.mark.asyncio(loop_scope="module")
async def test_solved_beside_closed_and_a_table_behind_each_chart(desk: ClientSession) -> None:
    shown = await see(desk, f"/console/numbers?{quarter()}")
    names = re.findall(r"<h3>(.率|..率|...率|....率|.....率)</h3>", shown)
    assert names[:2] == ["解决率", "办结率"]
    assert shown.count('role="img"') == 2
    assert "各段时间的报事件数、解决率和办结率" in shown
    assert " style=" not in shown and "<script>" not in shown


@pytest.mark.asyncio(loop_scope="module")
async def test_the_workbook_needs_a_reason_and_says_who_took_it(desk: ClientSession, town: tuple[App, str]) -> None:
    path = f"/console/numbers/export?{quarter()}"
    token = await token_of(desk, town[1])
    async with desk.post(path, data={"csrf": token, "reason": "看"}, headers=HERE) as refused:
        assert refused.status == 422 and "导出要写明用途" in await refused.text()
    async with desk.post(path, data={"csrf": token, "reason": "=街道例会"}, headers=HERE) as answer:
        assert answer.status == 200 and "attachment" in answer.headers["Content-Disposition"]
        book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheet_names == ["总表", "趋势", "按类别", "按微网格", "按承办单位"]
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        assert "用途：=街道例会" in str(rows[0][0]) and "彭月娥" in str(rows[0][0])
    first = book.get_sheet_by_name("总表").to_python()
    assert first[1][:4] == ["指标", "结果", "分子", "分母"] and first[3][0] == "报事"
    with town[0].db.reading() as conn:
        bodies = conn.execute(select(facts.c.body).where(facts.c.kind == "NumbersExported")).scalars().all()
    assert [orjson.loads(body)["reason"] for body in bodies] == ["=街道例会"]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_report_and_what_many_write_about(desk: ClientSession) -> None:
    shown = await see(desk, "/console/numbers/report")
    assert "居民诉求月报" in shown and "一、主要指标" in shown and "怎么算" in shown
    assert "条，" in await see(desk, "/console/numbers/hot")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/console/numbers?from=2026-13-01", 422), ("/console/numbers?from=2026-02-01&to=2026-01-01", 422),
        ("/console/numbers?from=2020-01-01&to=2026-01-01", 422), ("/console/numbers/report?month=2099-01", 422),
        ("/console/numbers?community=999&step=x", 200), ("/console/numbers/list?key=none", 404),
        ("/console/numbers/list?of=unit&group=x", 404), ("/console/numbers/list?end=x", 404),
        ("/console/numbers/list?before=1.x", 200),
    ],
)  # fmt: skip
async def test_strange_addresses(desk: ClientSession, path: str, status: int) -> None:
    assert "Traceback" not in await see(desk, path, status)


@pytest.mark.asyncio(loop_scope="module")
async def test_who_only_assesses_sees_numbers_and_no_words(town: tuple[App, str]) -> None:
    async with ClientSession(town[1], cookie_jar=CookieJar(unsafe=True)) as session:
        await signed_in(session, town[1], "assessor")
        for path in ("", "/list", "/hot", "/report"):
            shown = await see(session, f"/console/numbers{path}")
            assert "/console/tickets/" not in shown and "导出表格" not in shown
            assert "晚上上下楼" not in shown


def test_months_and_days() -> None:
    asked = numbers_asked.wanted({}, (1, 2), False, NOW)
    assert (asked.asked.communities, asked.days) == ((1, 2), "2026年6月1日")
    assert numbers_asked.wanted({"community": "3"}, (1, 2), True, NOW).asked.communities is None
    assert numbers_asked.wanted({"community": "2"}, (1, 2), True, NOW).asked.communities == (2,)
    whole = numbers_asked.month({"month": "2026-02"}, (1,), False, NOW)
    assert whole.days == "2026年2月1日至28日"
    assert numbers_asked.between(numbers_asked.before(whole.asked).first, whole.asked.last) == "2026年1月1日至2月28日"
    with pytest.raises(FiguresRefused):
        numbers_asked.month({"month": "2026-7"}, (1,), False, NOW)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (4, 4), (5, 5), (6, 6), (11, 15), (101, 150), (1001, 1500)]
)
def test_the_scale_holds_the_highest(most: int, top: int) -> None:
    step, highest = charts.rounded_scale(most)
    assert highest == top >= most and highest % step == 0 and highest // step <= 5


def test_a_line_is_broken_where_too_few_say_nothing() -> None:
    drawn = charts.lines(["1", "2", "3", "4"], [("解决率", [0.5, None, 1.0, 0.0]), ("办结率", [None] * 4)])
    assert drawn.lines[0].path.count("M") == 2 and len(drawn.lines[0].points) == 3
    assert drawn.lines[1].path == ""
