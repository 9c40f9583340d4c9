"""Tables through the console: bad rows are named and lose nobody, only one's own community, formulas stay text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from aiohttp import ClientSession, FormData
from python_calamine import load_workbook
from sqlalchemy import select

from bot import app as parts
from bot.app import App
from bot.server import listen
from bot.settings import load
from storage.schema import communities, facts, grids, homes, persons
from tests.bot.console_kit import HERE, browser, see, signed_in, token_of
from tests.demo import demo_in

COLUMNS = ["姓名", "手机号", "小区", "楼栋", "单元", "室号", "与房屋关系"]
ROWS = [
    ["王好", "13800000001", "学府花园", "1", "1", "101", "业主"],
    ["<script>alert(1)</script>", "", "学府花园", "1", "1", "102", "业主"],
    ["李甲", "13800000003", "学府花园", "99", "1", "101", "业主"],
    ["李乙", "12345", "学府花园", "1", "1", "202", "业主"],
    ["李丙", "13800000005", "枫桦景苑一期", "1", "", "101", "业主"],
    ["=赵好", "", "学府花园", "1", "1", "301", "租户"],
]  # fmt: skip


@pytest_asyncio.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[App, str]]:
    app = await parts.start(load(data_dir=demo_in(tmp_path / "tables")), demo=True, ticking=False)
    runner, port = await listen(app, "127.0.0.1", 0)
    yield app, f"http://127.0.0.1:{port}"
    app.topics.close()
    await runner.cleanup()
    await app.stop()


def table(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


async def hand_in(session: ClientSession, url: str, kind: str, data: bytes, name: str = "表.csv") -> tuple[int, str]:
    form = FormData()
    form.add_field("csrf", await token_of(session, url))
    form.add_field("file", data, filename=name, content_type="text/csv")
    async with session.post(f"{url}/console/tables/{kind}", data=form, headers=HERE) as answer:
        return answer.status, await answer.text()


async def send(session: ClientSession, url: str, path: str, **given: str) -> tuple[int, bytes, str]:
    data = {"csrf": await token_of(session, url), **given}
    async with session.post(url + path, data=data, headers=HERE) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")


def residents(app: App) -> set[str]:
    with app.db.reading() as conn:
        found = conn.execute(
            select(persons.c.name).join(homes, homes.c.person == persons.c.id).where(homes.c.source == "import")
        )
        return set(found.scalars())


async def test_bad_rows_are_named_and_the_others_come_in(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as session:
        await signed_in(session, url, "demo")
        for kind, asks in (("residents", True), ("faq", False)):
            page = await see(session, f"{url}/console/tables/{kind}")
            assert ("以这个文件为准" in page) is asks, "names and phones stand in some tables only"
        status, text = await hand_in(session, url, "residents", table([COLUMNS, *ROWS]))
        assert status == 200 and "5行要改" in text and "先导入其余1行" in text
        assert "没有这一幢" in text and "请填您管的社区的编码" in text
        assert "<script>alert" not in text and "&lt;script&gt;" in text
        assert residents(app) == set(), "a preview writes nothing"
        name = re.search(r'name="name" value="([0-9a-f]{32}\.csv)"', text)
        assert name is not None
        async with session.get(f"{url}/console/tables/residents/bad/{name[1]}") as answer:
            book = load_workbook(io.BytesIO(await answer.read()))
        rows = book.get_sheet_by_index(0).to_python()
        assert rows[0][-1] == "不能导入的原因" and [row[0] for row in rows[2:]] == ["李甲", "李乙", "李丙", "'=赵好"]
        status, body, _ = await send(session, url, "/console/tables/residents/confirm", name=name[1], good="1")
        assert status == 200 and "已导入1行居民" in body.decode()
        assert residents(app) == {"王好"}
        with app.db.reading() as conn:
            noted = conn.execute(select(facts).where(facts.c.kind == "RegisterImported")).one()
        assert noted.via == "console" and noted.actor
        async with browser() as other:  # somebody else's file is not there for another
            await signed_in(other, url, "system")
            status, body, _ = await send(other, url, "/console/tables/units/confirm", name=name[1])
            assert status == 422 and "再传一次" in body.decode()


async def test_another_communitys_rows_are_refused(shared: tuple[App, str]) -> None:
    app, url = shared
    with app.db.reading() as conn:
        elsewhere = conn.execute(select(communities).order_by(communities.c.code.desc())).first()
        grid = conn.execute(select(grids.c.code).where(grids.c.community == elsewhere.id)).scalars().first()
    async with browser() as session:
        await signed_in(session, url, "demo")
        for kind, rows in (
            ("leaders", [["姓名", "手机号", "微网格编码", "岗位"], ["张三", "13800000009", f"{grid}01", "微网格长"]]),
            ("grids", [["网格编码", "网格名称"], [grid, "改了"]]),
            ("faq", [["社区编码", "问题", "答案"], [elsewhere.code, "几点开门", "八点"]]),
        ):
            status, text = await hand_in(session, url, kind, table(rows))
            assert status == 200 and "不在您管的社区里" in text and "先导入" not in text, kind
        for kind in ("communities", "units", "staff", "nothing", "tickets"):
            status, _ = await hand_in(session, url, kind, table([["姓名"], ["张三"]]))
            assert status == 404, kind
        status, text = await hand_in(session, url, "residents", b"")
        assert status == 422 and "文件是空的" in text
        status, text = await hand_in(session, url, "residents", b"GIF89a\x00\x00" * 9, "x.csv")
        assert status == 422 and "不是 csv 或 xlsx 文件" in text


async def test_what_leaves_has_a_reason_a_mark_and_no_formula(shared: tuple[App, str]) -> None:
    app, url = shared
    async with browser() as session:
        await signed_in(session, url, "demo")
        with app.db.writing() as conn:  # as somebody may call himself in the chat
            conn.execute(persons.update().where(persons.c.name.is_not(None)).values(name="=HYPERLINK(1)"))
        status, body, kept = await send(session, url, "/console/tables/residents/export", reason="短")
        assert not kept and "请写导出的理由" in body.decode()
        status, body, kept = await send(
            session, url, "/console/tables/residents/export", reason="上门走访 <b>", unmasked="1"
        )
        assert status == 200 and kept.startswith("attachment; filename*=UTF-8''")
        rows = load_workbook(io.BytesIO(body)).get_sheet_by_index(0).to_python()
        assert {row[0] for row in rows[1:-1]} == {"'=HYPERLINK(1)"}
        assert rows[-1][0].startswith("导出说明：") and "用途：上门走访 <b>" in rows[-1][0]
        assert all(row[3] == "学府花园" for row in rows[1:-1]), "only of one's own community"
        with app.db.reading() as conn:
            noted = conn.execute(select(facts).where(facts.c.kind == "DataExported")).one()
        assert json.loads(noted.body) == {
            "kind": "residents", "community": "", "unmasked": True, "reason": "上门走访 <b>",
        }  # fmt: skip
        assert noted.actor and noted.via == "console"
        status, text = await hand_in(session, url, "residents", body, "x.xlsx")
        assert status == 200 and f"第{len(rows)}行" not in text, "the mark is passed by"
        async with session.get(f"{url}/console/tables/residents/template") as answer:
            assert answer.status == 200
    async with browser() as unit:
        await signed_in(unit, url, "property")
        async with unit.get(f"{url}/console/tables") as answer:
            assert answer.status == 403
