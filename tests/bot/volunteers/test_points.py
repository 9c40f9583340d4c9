"""A reviewer's day in the console, over real HTTP: points, rules, the shop, a second person."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import insert, select

from handlers.points.facts import PointsEarned
from handlers.types import Outcome, Role
from storage import ledger_audit, people
from storage.sample_logins import LOGIN
from storage.schema import logins, posts
from tests.bot.volunteers.kit import Desk, filled


async def test_points_rules_shop_and_a_second_person(desk: Desk) -> None:
    resident = desk.person("resident")
    with desk.app.db.reading() as conn:
        where = (
            conn.execute(select(posts.c.scope).where(posts.c.person == desk.person("desk"))).scalars().first() or 0
        )
    facts = tuple(
        PointsEarned(900 + n, resident, where, "DZ01", 1, 16, f"DZ01:hours:{n}:{resident}", flag="sample" * (n == 0))
        for n in range(2)
    )
    await asyncio.wrap_future(desk.app.turns.run(lambda read: Outcome(facts=facts), desk.app.clock(), "test"))
    points, shop = "/console/points", "/console/shop"
    page = await desk.read(points)
    assert "随机抽查" in page and "苏建华" in page
    assert "写原因" in await desk.click(points, do="check", entry="900")
    assert "没有问题" in await desk.click(points, do="check", entry="900", yes="1")
    assert "已经查过了" in await desk.click(points, do="check", entry="900", yes="1")
    leader = str(desk.person("leader"))
    assert "履职合格" in await desk.click(points, do="duty", community=str(where), person=leader)
    assert "已经记过" in await desk.click(points, do="duty", community=str(where), person=leader)

    honour = {"who": "3幢2单元302", "rule": "DZ03", "points": "20", "why": "扶起摔倒的老人"}
    assert "已请另一位同志复核" in await desk.click(points, do="hand", **honour)
    assert "要另一位同志来定" in await desk.read(points)
    case = await _case(desk)
    assert "不能自己复核" in await desk.click(points, do="case", case=case, yes="1")
    kept = await filled(desk, points, do="hand", who="3幢2单元302", rule="FZ01", why="去")
    assert "请加一句说明" in kept and 'value="3幢2单元302"' in kept
    await _second(desk)
    assert "已经记上" in await desk.click(points, do="case", case=case, yes="1")
    assert "已经定了" in await desk.click(points, do="case", case=case, yes="1")

    rules = f"{points}/rules"
    lecture = {"code": "FZ01", "name": "听法治讲座", "points": "3", "month_cap": "4", "proof": "review", "open": "1"}
    assert "第2版" in await desk.click(rules, **lecture)
    farmed = {"name": "阅读文章", "field": "自治", "points": "1", "proof": "review", "open": "1"}
    assert "不算分" in await desk.click(rules, status=422, **farmed)
    prize = {"name": "有奖报隐患", "field": "有奖报送", "points": "8", "categories": "0701", "open": "1"}
    assert "YJ01" in await desk.click(rules, **prize)
    assert "没有这些分类" in await desk.click(rules, status=422, **{**prize, "categories": "9999"})

    assert "库存3" in await desk.click(shop, name="毛巾一条", points="10", more="3", open="1")
    assert "已经有" in await desk.click(shop, status=422, name="毛巾一条", points="10", more="3", open="1")
    item = re.search(r'name="item" value="(\d+)"[^§]*?value="毛巾一条"', await desk.page(shop))
    assert item is not None
    number = re.findall(r'name="item" value="(\d+)"', item[0])[-1]
    assert "0到10000" in await desk.click(shop, item=number, name="毛巾一条", points="10", more="-9", open="1")
    await desk.say("resident", "兑换毛巾一条")
    promised = await desk.say("resident", "确定换")
    code = re.search(r"/m/pick/(\d{8})", promised)
    assert code is not None
    assert code[1][:4] in await desk.read(f"/m/pick/{code[1]}")
    assert "毛巾一条" in await desk.read(f"{shop}/pickup?code={code[1]}")
    assert "核销了" in await desk.click(f"{shop}/pickup", shop, code=code[1])
    assert "已经用过" in await desk.read(f"{shop}/pickup?code={code[1]}")
    assert ledger_audit.findings(desk.app.db) == []


async def _case(desk: Desk) -> str:
    with desk.app.db.reading() as conn:
        found = conn.exec_driver_sql("SELECT id FROM point_cases ORDER BY id DESC").scalar()
    return str(found)


async def _second(desk: Desk) -> None:
    """Another clerk of the same community signs in."""
    with desk.app.db.writing() as conn:
        scope = (
            conn.execute(select(posts.c.scope).where(posts.c.person == desk.person("desk"))).scalars().first() or 0
        )
        hashed = conn.execute(select(logins.c.password).where(logins.c.login == LOGIN)).scalar_one()
        now = desk.app.clock()
        person = people.add_person(conn, "韩梅", "", scope, now=now)
        people.add_post(conn, person, Role.DESK, scope, now=now)
        values = {"login": "second", "person": person, "password": hashed, "role": "desk", "created": now}
        conn.execute(insert(logins).values(**values))
    await desk.log_in("second")
